"""The loop of turns of one source, and how it stops.

A turn in progress when the server stops is abandoned: its thread may block in `accept` for ever,
and is left there. A source that can `finish` is asked to before, and its turns go on until it ends.
A turn that has succeeded is delivered: its flow starts, even if it has to wait for a place first.
`delivering` is held from a turn's success until its flow has been handed over, and whoever has
stopped the loop and then held it once knows that no more flows come.
"""

import sys
import threading
from collections.abc import Callable
from typing import Any

from flux.runtime.backoff import delay
from flux.runtime.endings import Endings
from flux.runtime.errors import SourceEnded, TurnAgain
from flux.runtime.flow import Flow
from flux.runtime.program import Source
from flux.runtime.runtimes import Submit


class SourceLoop:
    """Runs the turns of a source on a thread of its own, one after the other.

    Each turn is one of `source`; a profiler sets that to its `recorded` twin, and back.
    """

    def __init__(
        self,
        source: Source,
        submit: Submit,
        endings: Endings,
        on_ended: Callable[[], None],
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self.source = source
        self.recorded = source
        self.started = 0
        self.dropped = 0
        self.stopped = False
        self._submit = submit
        self._endings = endings
        self._on_ended = on_ended
        self._failures = 0
        self._stopping = threading.Event()
        self._pause = pause or self._stopping.wait
        self._delivering = threading.Lock()
        self._ended = threading.Event()
        # An abandoned turn may wait for input. As long as its thread remembers the stream, Python
        # doesn't close it at its end, which would fail and abort the process.
        self._stdin = sys.stdin

    def start(self) -> None:
        """Begin the turns."""
        name = f"flux source {self.source.name}"
        threading.Thread(target=self.run, name=name, daemon=True).start()

    def finish(self) -> bool:
        """Let the source give what it still has, and end; false if it can't."""
        opening = self.source.opening
        try:
            return opening is not None and not self.stopped and opening.finish()
        except Exception as error:  # noqa: BLE001 - the source is stopped all the same
            self._endings.reports.failure(f"finish of {self.source.name}", error)
            return False

    def wait(self, timeout: float) -> None:
        """Wait for the end of a source that finishes."""
        self._ended.wait(timeout)

    def stop(self) -> None:
        """Begin no more turns, and abandon the one in progress, or wake it."""
        self.stopped = True
        self._stopping.set()
        try:
            if self.source.opening is not None and not self._ended.is_set():
                self.source.opening.interrupt()
        except Exception as error:  # noqa: BLE001 - the turn is abandoned all the same
            self._endings.reports.failure(f"interrupt of {self.source.name}", error)

    def settle(self, timeout: float) -> None:
        """Wait until the flow of the last turn has been handed over."""
        if self._delivering.acquire(timeout=timeout):
            self._delivering.release()

    def run(self) -> None:
        """Take turns until the source ends or is stopped."""
        try:
            while not self.stopped:
                self._take_turn(self.source)
        except SourceEnded:
            pass
        self._ended.set()
        self._on_ended()

    def _take_turn(self, source: Source) -> None:
        flow = Flow()
        try:
            output = source.turn(flow)
        except SourceEnded:
            raise
        except TurnAgain:
            pass
        except BaseException as exception:  # noqa: BLE001 - a failed turn is dropped, whatever it was
            self._drop(source, flow, exception)
            return
        else:
            self._deliver(source, flow, output)
            return
        self._take_turn(self.recorded)

    def _deliver(self, source: Source, flow: Flow, output: Any) -> None:  # noqa: ANN401 - a node's
        self._failures = 0
        flow.turn, flow.path = flow.path, 0
        inputs = source.inputs(output)
        with self._delivering:
            if not self.stopped:
                self.started += 1
                self._submit(source, flow, inputs)

    def _drop(self, source: Source, flow: Flow, exception: BaseException) -> None:
        if self.stopped:
            return
        self.dropped += 1
        self._endings.broken(source, flow, exception)
        self._pause(self._delay())

    def _delay(self) -> float:
        """How long to wait after a failed turn: ten bad clients must not stall `accept`."""
        opening = self.source.opening
        at_once = opening is not None and opening.has_failed()
        self._failures = self._failures + 1 if at_once else 0
        return delay(self._failures)
