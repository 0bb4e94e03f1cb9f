"""What a program in C++ has told, compared with the model and with the numbers of its Plan."""

from collections import Counter
from collections.abc import Iterator

from properties.checker import Ending, Flow, Way
from properties.comparison import check_events
from properties.cpp.dictation import Part
from properties.cpp.records import Told

from flux.plan.contract import as_dict
from flux.plan.model import Plan
from flux.runtime import Counters
from flux.runtime.ways import Ways

Expected = dict[str, list[Way | Flow]]


def check_all(plan: Plan, expected: Expected, told: Told) -> None:
    """Assert that all is as the model says."""
    assert told.clashes == [], f"beside a writer: {told.clashes}"
    _check_traces(expected, told)
    _check_paths(plan, expected, told)
    _check_counters(expected, told)


def _check_traces(expected: Expected, told: Told) -> None:
    """The same has happened, in the same order, with the same ends; and nothing else."""
    parts = list(_parts(expected))
    assert told.records.keys() == {part for part, *_ in parts}
    for part, way, _, ends in parts:
        record = told.records[part]
        check_events(way.events, record.events)
        if ends:
            assert record.ending is way.ending, f"{record.ending} instead of {way.ending}"


def _check_paths(plan: Plan, expected: Expected, told: Told) -> None:
    """The number of each path stands for the nodes that were on it, in C++ and in Python."""
    ways = Ways(as_dict(plan))
    for (is_flow, source, number), way, path, ends in _parts(expected):
        record = told.records[is_flow, source, number]
        if ends and way.ending is not Ending.STOPPED:
            expected = " -> ".join(path)
            assert record.path == expected, f"{record.path}\ninstead of\n{expected}"
            assert record.number is not None
            assert ways.name(source, record.number) == expected


def _check_counters(expected: Expected, told: Told) -> None:
    flows = [flow for flows in expected.values() for flow in flows]
    endings = Counter(flow.flow.ending for flow in flows if isinstance(flow, Flow))
    dropped = sum(isinstance(f, Way) and f.ending is not Ending.STOPPED for f in flows)
    assert told.counters == Counters(
        started=sum(endings.values()),
        finished=endings[Ending.FINISHED],
        handled=endings[Ending.HANDLED],
        failed=endings[Ending.FAILED],
        dropped=dropped,
    )


def _parts(expected: Expected) -> Iterator[tuple[Part, Way, list[str], bool]]:
    """Each turn and flow: which, its way, the path so far, and whether the path ends with it."""
    for source, flows in expected.items():
        for number, flow in enumerate(flows):
            if isinstance(flow, Way):
                yield (False, source, number), flow, flow.path, True
            else:
                yield (False, source, number), flow.turn, flow.turn.path, False
                whole = flow.turn.path + flow.flow.path
                yield (True, source, number), flow.flow, whole, True
