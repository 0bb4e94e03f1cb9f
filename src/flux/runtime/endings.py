"""The one place where flows and turns end: judged, reported, and told to who listens."""

from collections.abc import Callable
from enum import IntEnum
from typing import Any, NamedTuple

from flux.runtime.errors import FlowEnded
from flux.runtime.flow import Flow
from flux.runtime.paths import Paths
from flux.runtime.program import Source
from flux.runtime.reports import Reports


class Outcome(IntEnum):
    """How a flow ended: by itself, by a handler, or by an error that nobody handled."""

    FINISHED = 0
    HANDLED = 1
    FAILED = 2


OnEnd = Callable[[Flow, Source, Outcome, BaseException | None], None]
"""Told of each flow's end, on the thread that carried it."""


def outcome_of(exception: BaseException) -> Outcome:
    """What the exception that ended a flow or a turn makes of it."""
    handled = isinstance(exception, FlowEnded) and exception.unhandled is None
    return Outcome.HANDLED if handled else Outcome.FAILED


Tally = list[int]
"""Ends counted by outcome; each thread that carries flows has its own."""


def new_tally() -> Tally:
    """Count from nothing."""
    return [0] * len(Outcome)


class Endings(NamedTuple):
    """What follows from the end of a flow or of a failed turn."""

    reports: Reports
    ask_to_stop: Callable[[], None]
    paths: Paths
    on_end: OnEnd | None = None

    def carry(self, source: Source, flow: Flow, inputs: tuple[Any, ...]) -> Outcome:
        """Run a flow from its source's outputs to its end."""
        try:
            source.flow(flow, *inputs)
        except BaseException as exception:  # noqa: BLE001 - whatever ends a flow ends only it
            return self.broken(source, flow, exception)
        if self.on_end is not None:
            self._tell(self.on_end, source, flow, Outcome.FINISHED, None)
        return Outcome.FINISHED

    def broken(self, source: Source, flow: Flow, exception: BaseException) -> Outcome:
        """Judge the exception that ended a flow or a turn."""
        outcome = outcome_of(exception)
        match exception:
            case FlowEnded(unhandled=None):
                pass
            case FlowEnded(unhandled=Exception() as error):
                self.reports.failure(self.paths.describe(source, flow, exception), error)
            case SystemExit() | KeyboardInterrupt():
                self.ask_to_stop()
            case error:
                self.reports.failure(self.paths.describe(source, flow, exception), error)
        if self.on_end is not None:
            self._tell(self.on_end, source, flow, outcome, exception)
        return outcome

    def _tell(
        self,
        on_end: OnEnd,
        source: Source,
        flow: Flow,
        outcome: Outcome,
        exception: BaseException | None,
    ) -> None:
        """Tell who listens; what goes wrong there is no matter of the flow."""
        try:
            on_end(flow, source, outcome, exception)
        except Exception as error:  # noqa: BLE001 - the thread has more flows to carry
            self.reports.failure("on_end", error)
