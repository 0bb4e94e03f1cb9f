"""The loop of turns of one source, and how it stops.

A turn in progress when the server stops is abandoned: its thread may block in `accept` for ever,
and is left there. A turn that has succeeded is delivered: its flow starts, even if it has to
wait for a place first. `delivering` is held from a turn's success until its flow has been
handed over, and whoever has stopped the loop and then held it once knows that no more flows come.
"""

import threading
from collections.abc import Callable
from typing import Any

from flux.runtime.backoff import SHORTEST, BackOff
from flux.runtime.endings import Endings
from flux.runtime.errors import SourceEnded
from flux.runtime.flow import Flow
from flux.runtime.program import Source

Deliver = Callable[[Source, Flow, tuple[Any, ...]], None]


class SourceLoop:
    """Runs the turns of a source on a thread of its own, one after the other."""

    def __init__(
        self,
        source: Source,
        deliver: Deliver,
        endings: Endings,
        on_ended: Callable[[], None],
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self.source = source
        self.started = 0
        self.dropped = 0
        self._deliver = deliver
        self._endings = endings
        self._on_ended = on_ended
        self._stopped = threading.Event()
        self._pause = pause or self._stopped.wait
        self._delivering = threading.Lock()
        self._back_off = BackOff()

    def start(self) -> None:
        """Begin the turns."""
        name = f"flux source {self.source.name}"
        threading.Thread(target=self.run, name=name, daemon=True).start()

    def stop(self) -> None:
        """Begin no more turns, and abandon the one in progress, or wake it."""
        self._stopped.set()
        self.source.opening.interrupt()

    def settle(self, timeout: float) -> None:
        """Wait until the flow of the last turn has been handed over."""
        if self._delivering.acquire(timeout=timeout):
            self._delivering.release()

    def run(self) -> None:
        """Take turns until the source ends or is stopped."""
        try:
            while not self._stopped.is_set():
                self._turn()
        except SourceEnded:
            pass
        self._on_ended()

    def _turn(self) -> None:
        flow = Flow()
        try:
            output = self.source.turn(flow)
        except SourceEnded:
            raise
        except BaseException as exception:  # noqa: BLE001 - a failed turn is dropped, whatever it was
            if not self._stopped.is_set():
                self.dropped += 1
                self._endings.broken(self.source, flow, exception)
                self._pause(self._delay())
        else:
            self._back_off.reset()
            self._hand_over(flow, self.source.inputs(output))

    def _delay(self) -> float:
        """How long to wait after a failed turn: ten bad clients must not stall `accept`."""
        if self.source.opening.failed:
            return self._back_off.failed()
        self._back_off.reset()
        return SHORTEST

    def _hand_over(self, flow: Flow, inputs: tuple[Any, ...]) -> None:
        with self._delivering:
            if not self._stopped.is_set():
                self.started += 1
                self._deliver(self.source, flow, inputs)
