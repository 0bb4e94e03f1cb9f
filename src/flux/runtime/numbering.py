"""The number of the path that a flow took, from what it left behind.

While all goes well, the generated code adds to the flow's register where it chooses a case,
and nowhere else: success costs nothing. When something fails, the traceback tells where: each
line of a routine carries out one step of the Plan, whose numbers place the failure among the
routine's ways (`flux.runtime.ways` has the arithmetic). So failures are exact, too, and cost
the program no code.

A routine's register is, at a step of weight 1, the step's base; at a step that `keeps` it,
the local variable `path`; else it is the flow's, for then nothing further in can move it.

Frames beyond the call of a function are ignored: a node may raise an exception that carries
frames of an earlier flow.

What is no error (SystemExit, say) runs no handler. So where it passes a node that has one, it
ends the flow on a way that isn't numbered.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import FrameType, TracebackType
from typing import Any

from flux.runtime.errors import FlowEnded
from flux.runtime.flow import Flow
from flux.runtime.ways import MOST_PATHS, Count, Json, Ways

Trail = Sequence[tuple[FrameType, Json]]
"""The steps that were under way, outermost first, with the frames of their routines."""


class NoPathError(Exception):
    """No number stands for what ended a flow: an exception of an observer, say, or an exit."""


class Numbering:
    """Finds path numbers for one generated program.

    `facts` is what the compiler writes beside the program: the Plan, and the lines of its steps.
    """

    def __init__(self, facts: Json, filename: str) -> None:
        self.ways = Ways(facts["plan"])
        self._filename = filename
        self._steps = dict(_steps(facts["plan"]))
        self._lines: Mapping[str, str] = facts["lines"]
        self._guarded = dict(_guarded(self._steps.values()))

    def number(self, source: str, flow: Flow, exception: BaseException | None = None) -> int:
        """The path of a flow, or of a turn, that has ended, by `exception` if by any.

        Raises NoPathError if the exception didn't pass through the program, or is no error and
        passed a handler by, or if there are too many paths.
        """
        total = self.ways.sources[source]["ways"]
        if sum(total.values()) >= MOST_PATHS:
            raise NoPathError("the paths are too many to be numbered")
        turn, rest = self.ways.whole(source)
        if exception is None:
            return (flow.turn or 0) + self.ways.count(turn).succeeded * flow.path
        kind = "ended" if isinstance(exception, FlowEnded) else "failed"
        skipped = total["succeeded"] + (total["failed"] if kind == "ended" else 0)
        numbers = turn["numbers"] if flow.turn is None else rest["numbers"]
        own = (flow.turn or 0) + numbers["weight"] * self._way(exception, flow.path)
        return int(skipped + numbers[kind] + own)

    def _way(self, exception: BaseException, register: int) -> int:
        """The number of a failed or ended way within the outermost routine of a traceback."""
        trail = list(self._trail(exception.__traceback__))
        if not trail:
            raise NoPathError("no step of the program is in the traceback")
        if not isinstance(exception, Exception | FlowEnded) and self._passes_handler(trail):
            raise NoPathError("no handler runs for what is no error")
        if isinstance(exception, FlowEnded):
            frame, handle = trail[-1]
            return _outward(trail[:-1], "ended", self._handled(frame, handle, exception), register)
        return self._failed(trail, register)

    def _passes_handler(self, trail: Trail) -> bool:
        return any(step["step"] == "handle" or step["id"] in self._guarded for _, step in trail)

    def _failed(self, trail: Trail, register: int) -> int:
        """The failed way of the routine that the trail begins in; 0 for that of a function."""
        if not trail:
            return 0
        _, last = trail[-1]
        match last["step"]:
            case "branch":
                return _outward(trail[:-1], "failed", last["failed"], register)
            case "dispatch":
                return _outward(trail[:-1], "failed", last["no_match"], register)
            case _:
                return _outward(trail, "failed", 0, register)

    def _handled(self, frame: FrameType, handle: Json, ended: FlowEnded) -> int:
        """The ended way of a routine whose step failed and was handled, as its handler went."""
        handled, handling = handle["handled"], handle["handling"]
        (_, *inner) = self._trail(ended.error.__traceback__)
        failure = self._failed(inner, ended.register)
        way = self._handling(Count(**handling), ended)
        own = handled["ended"] + failure + handled["failed"] * way
        call = _first_call(handle)
        before = _before(frame, handle["numbers"], keeps=call["keeps"], register=ended.register)
        return int(handle["numbers"]["ended"] + before + handle["numbers"]["weight"] * own)

    def _handling(self, handling: Count, ended: FlowEnded) -> int:
        """Which of the handler's ways was taken."""
        match ended.inner:
            case None:
                return ended.handler_register
            case FlowEnded() as inner:
                skipped = handling.succeeded + handling.failed
                return skipped + self._way(inner, ended.handler_register)
            case error:
                trail = list(self._trail(error.__traceback__))
                return handling.succeeded + self._failed(trail, ended.handler_register)

    def _trail(self, traceback: TracebackType | None) -> Iterator[tuple[FrameType, Json]]:
        while traceback is not None:
            frame = traceback.tb_frame
            if frame.f_code.co_filename == self._filename:
                step = self._step_at(traceback.tb_lineno)
                yield frame, step
                if step.get("routine") is None or step["step"] == "handle":
                    return
            traceback = traceback.tb_next

    def _step_at(self, line: int) -> Json:
        try:
            return self._steps[self._lines[str(line)]]
        except KeyError:
            raise NoPathError("the line carries out no step that can fail") from None


def _outward(trail: Trail, kind: str, way: int, register: int) -> int:
    """A way of the innermost routine as one of the outermost."""
    for frame, step in reversed(trail):
        numbers = step["numbers"]
        before = _before(frame, numbers, keeps=step.get("keeps", False), register=register)
        way = numbers[kind] + before + numbers["weight"] * way
    return way


def _before(frame: FrameType, numbers: Json, *, keeps: bool, register: int) -> int:
    """Which of the ways that lead to a step was taken."""
    if numbers["weight"] == 1:
        return 0
    own = frame.f_locals["path"] if keeps else register
    return int(own - numbers["base"])


def _first_call(step: Json) -> Json:
    while step["step"] in {"handle", "hold"}:
        step = step["body"][0]
    return step


def _steps(plan: Json) -> Iterator[tuple[str, Json]]:
    for routine in plan["routines"]:
        yield from _steps_of(routine["body"])


def _steps_of(block: Sequence[Any]) -> Iterator[tuple[str, Json]]:
    for step in block:
        if "id" in step:
            yield step["id"], step
        for branch in step.get("branches", ()):
            yield branch["id"], {"step": "branch", **branch}
            yield from _steps_of(branch["body"])
        yield from _steps_of(step.get("body", ()))


def _guarded(steps: Iterable[Json]) -> Iterator[tuple[str, Json]]:
    """The steps that handlers look after."""
    for step in steps:
        if step["step"] == "handle":
            yield from _steps_of(step["body"])
