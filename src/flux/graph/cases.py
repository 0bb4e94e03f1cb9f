"""Cases that can't be reached, and inputs that no case matches."""

from collections.abc import Iterator

from flux.diagnostics import Code, Diagnostic, Label
from flux.graph.model import AbstractNode, Case, ProgramGraph
from flux.graph.tables import Tables


def check_cases(graph: ProgramGraph, tables: Tables) -> Iterator[Diagnostic]:
    """Warnings about the cases of every node whose cases could all be read."""
    for name, node in graph.nodes.items():
        if isinstance(node, AbstractNode) and not node.is_plain and not tables.silent(name):
            yield from _unreachable(node)
            yield from _missing_catch_all(node)


def can_fail_to_match(node: AbstractNode) -> bool:
    """Whether there are inputs that no case is sure to match."""
    return not node.is_plain and not any(case.always_matches for case in node.cases)


def _unreachable(node: AbstractNode) -> Iterator[Diagnostic]:
    earlier = _EarlierCases()
    for case in node.cases:
        covering = earlier.covering(case)
        if covering:
            yield Diagnostic(
                Code.UNREACHABLE_CASE,
                f"this case of `{node.name}` is never taken",
                Label(case.span, "never taken"),
                (Label(covering.span, "matches all that it would match"),),
                help="the first case that matches is taken: put the narrower case first",
            )
        earlier.add(case)


class _EarlierCases:
    """Cases by the inputs that they test, and by the types that they test them for.

    A case covers a later one that tests the same inputs, and perhaps others, for the same
    types. There may be thousands of cases, but they test few different groups of inputs.
    """

    def __init__(self) -> None:
        self._groups: dict[tuple[int, ...], dict[tuple[str, ...], Case]] = {}

    def add(self, case: Case) -> None:
        tests = _tests(case)
        self._groups.setdefault(tuple(tests), {}).setdefault(tuple(tests.values()), case)

    def covering(self, case: Case) -> Case | None:
        """An earlier case that matches whatever this one matches."""
        tests = _tests(case)
        for places, cases in self._groups.items():
            found = cases.get(tuple(tests.get(place, "_") for place in places))
            if found:
                return found
        return None


def _tests(case: Case) -> dict[int, str]:
    """The types that a case tests for, by the places of the inputs."""
    patterns = enumerate(case.patterns or ())
    return {place: p.predicate.type for place, p in patterns if p.predicate}


def _missing_catch_all(node: AbstractNode) -> Iterator[Diagnostic]:
    if can_fail_to_match(node):
        last = node.cases[-1]
        wildcards = ", ".join("_" for _ in last.patterns or ())
        yield Diagnostic(
            Code.MISSING_CATCH_ALL,
            f"`{node.name}` fails when none of its cases matches",
            Label(last.span, "the last case, which may not match either"),
            help=f"end with a case that always matches: `{node.name}:[{wildcards}] = ...;`",
        )
