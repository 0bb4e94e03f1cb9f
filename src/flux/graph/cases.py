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
    for place, case in enumerate(node.cases):
        earlier = next((e for e in node.cases[:place] if _covers(e, case)), None)
        if earlier:
            yield Diagnostic(
                Code.UNREACHABLE_CASE,
                f"this case of `{node.name}` is never taken",
                Label(case.span, "never taken"),
                (Label(earlier.span, "matches all that it would match"),),
                help="the first case that matches is taken: put the narrower case first",
            )


def _covers(earlier: Case, later: Case) -> bool:
    """Whether whatever matches the later case matches the earlier one too."""
    pairs = zip(earlier.patterns or (), later.patterns or (), strict=False)
    return all(
        first.predicate is None
        or (second.predicate is not None and second.predicate.type == first.predicate.type)
        for first, second in pairs
    )


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
