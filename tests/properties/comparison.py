"""A program compiled, and compared with the model on many ways through it."""

from properties.checker import Flow, Way, flows_of
from properties.events import Event, check_rules
from properties.paths import path_names as ways_from
from properties.planned import planned_flows
from properties.reading import Reading, read
from properties.scripts import Casting

from flux.driver import Compilation, compile_program
from flux.plan.model import Plan
from flux.plan.paths import path_names
from flux.source import SourceFile

MOST_PATHS = 2000


def compiled(text: str) -> Compilation:
    """The compiler's view of a text."""
    return compile_program(SourceFile("program.flux", text))


def check_model(text: str, casting: Casting) -> None:
    """Assert that the model keeps the rules."""
    reading = read(text)
    for source in reading.sources:
        _check_all(reading, list(flows_of(reading, source, casting)))


def check_plan(text: str, casting: Casting) -> None:
    """Assert that the Plan keeps the rules, and does exactly what the model does."""
    reading, plan = read(text), compiled(text).plan
    assert plan is not None
    for source in reading.sources:
        loop = next(loop for loop in plan.sources if loop.source == source.node)
        planned = list(planned_flows(plan, loop, casting))
        _check_all(reading, planned)
        for ours, theirs in zip(flows_of(reading, source, casting), planned, strict=True):
            check_same(ours, theirs)


def numbered_paths(plan: Plan) -> dict[str, list[str]]:
    """The names of all numbers of paths from each source, in alphabetical order."""
    return {
        loop.source: sorted(name for _, name in path_names(plan, loop.source, MOST_PATHS))
        for loop in plan.sources
    }


def walked_paths(text: str) -> dict[str, list[str]]:
    """The names of all ways from each source, each once, by the text alone."""
    reading = read(text)
    return {source.node: sorted(set(ways_from(reading, source))) for source in reading.sources}


def check_same(ours: Way | Flow, theirs: Way | Flow) -> None:
    """Assert that the same happens on two ways, in the same order, with the same end."""
    for mine, other in zip(parts(ours), parts(theirs), strict=True):
        check_events(mine.events, other.events)
        assert mine.ending is other.ending, f"{other.ending} instead of {mine.ending}"
        assert mine.session == other.session, f"{other.session} instead of {mine.session}"


def check_events(ours: list[Event], theirs: list[Event]) -> None:
    """Assert that the same happens in the same order."""
    assert theirs == ours, f"\n{_listed(theirs)}\ninstead of\n{_listed(ours)}"


def parts(whole: Way | Flow) -> list[Way]:
    """A turn, and the flow that it started, if it did."""
    return [whole.turn, whole.flow] if isinstance(whole, Flow) else [whole]


def _listed(events: list[Event]) -> str:
    return "\n".join(f"  {event}" for event in events)


def _check_all(reading: Reading, flows: list[Way | Flow]) -> None:
    for flow in flows:
        for way in parts(flow):
            check_rules(reading, way.events)
