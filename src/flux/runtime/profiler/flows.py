"""The flows that live, and what each of them is doing.

A record tells what a flow has done; what it is doing now stands on the stack of its thread. There
the frame of its turn or its flow has its own `flow`, so it is noticed when a thread carries
another one by now; the innermost wrapper further in, or else the innermost routine that is calling
something, tells which function runs or which constraint is awaited.
"""

import gc
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from types import FrameType
from typing import Any

from flux.runtime.flow import Flow
from flux.runtime.profiler import twins as recording
from flux.runtime.profiler.clocks import clock
from flux.runtime.profiler.marks import ABANDONED, CALLS, Kind, Mark, Marks
from flux.runtime.profiler.stamping import DOING
from flux.runtime.profiler.wrappers import FILE
from flux.runtime.program import Source
from flux.runtime.stamps import Record

MOST = 1000
LONGEST_SESSION = 100

Json = dict[str, Any]

_looking = threading.Lock()


def living(live: Sequence[tuple[Flow, Source]], marks: Marks) -> tuple[list[Json], int]:
    """Flows that have begun, the oldest first, each with what it does, and how many more live."""
    now, stacks = clock(), frames()
    begun = sorted(_begun(live, marks))
    flows = [
        {
            "source": live[place][1].name,
            **_doing(live[place][0], marks.shape(stamps[0::2]), marks, stacks),
            "age": now - beginning,
        }
        for beginning, place, stamps in begun[:MOST]
    ]
    return flows, max(0, len(begun) - MOST)


def how_many(live: Sequence[tuple[Flow, Source]], marks: Marks) -> int:
    """How many have begun, those included for which they stand."""
    return sum(marks.all[stamps[0]].stands_for for _, _, stamps in _begun(live, marks))


def frames() -> Mapping[int, FrameType]:
    """What each thread is carrying out.

    While Pythons before 3.12 look, they have a lock that whatever begins or ends a thread waits for
    with the GIL. A collection in there may give the GIL up, or want that lock itself, and then the
    process hangs for good (gh-106883). So nothing is collected meanwhile.
    """
    with _looking:
        collects = gc.isenabled()
        gc.disable()
        try:
            return sys._current_frames()  # noqa: SLF001 - there is no other way
        finally:
            if collects:
                gc.enable()


def _begun(live: Sequence[tuple[Flow, Source]], marks: Marks) -> Iterator[tuple[int, int, Record]]:
    for place, (flow, source) in enumerate(live):
        stamps = _complete(flow)
        if _has_begun(stamps, source, marks):
            yield marks.beginning(stamps), place, stamps


def _complete(flow: Flow) -> Record:
    """The record of a flow, up to the last mark that has its time already."""
    stamps = list(flow.record or ())
    return stamps[: len(stamps) // 2 * 2]


def _has_begun(stamps: Record, source: Source, marks: Marks) -> bool:
    if not stamps or stamps[0] == ABANDONED:
        return False
    return source.opening is None or not marks.openings.isdisjoint(stamps[2::2])


def _doing(
    flow: Flow, shape: Sequence[Mark], marks: Marks, frames: Mapping[int, FrameType]
) -> Json:
    calls = [mark.name for mark in shape if mark.kind in CALLS and mark.kind is not Kind.OPENING]
    doing = {
        "node": calls[-1] if calls else None,
        "state": "runs",
        "holds": [_constraint(mark, flow) for mark in _held(shape)],
        "awaits": None,
    }
    if flow.turn is not None and all(mark.kind is not Kind.QUEUED for mark in shape):
        return doing | {"state": "queued"}
    its_flow, number = called(frames.get(flow.thread))
    if its_flow is not flow or number is None:
        return doing
    match now := marks.all[number]:
        case Mark(Kind.ACQUIRED):
            return doing | {"state": "waits", "awaits": _constraint(now, flow)}
        case Mark(kind) if kind in CALLS and kind is not Kind.OPENING:
            return doing | {"node": now.name}
    return doing


def _held(shape: Sequence[Mark]) -> list[Mark]:
    held: list[Mark] = []
    for mark in shape:
        if mark.kind is Kind.ACQUIRED:
            held.append(mark)
        elif mark.kind is Kind.RELEASED:
            held.remove(mark._replace(kind=Kind.ACQUIRED))
    return held


def _constraint(mark: Mark, flow: Flow) -> str:
    """`cache`, `cache?` for a reader, `cart(7)` for a session."""
    mode = "?" if mark.mode == "reader" else ""
    session = f"({flow.session!s:.{LONGEST_SESSION}})" if mark.scope == "session" else ""
    return f"{mark.name}{mode}{session}"


def called(frame: FrameType | None) -> tuple[Flow | None, int | None]:
    """The flow that a thread carries, and what that is calling, by the thread's innermost frame.

    It may be that of another profile in this process, whose marks have the same numbers.
    """
    found: int | None = None
    while frame is not None:
        if found is None and frame.f_code.co_filename == FILE:
            found = frame.f_locals["done"]
        elif found is None and DOING in frame.f_code.co_varnames:
            found = frame.f_locals.get(DOING)
        if frame.f_code.co_filename == recording.__file__:
            return frame.f_locals.get("flow"), found
        frame = frame.f_back
    return None, None
