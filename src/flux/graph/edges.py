"""What one node gives against what the next one takes, along every edge of the program.

The same two nodes may meet in many places; that they don't fit is one mistake.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from flux.diagnostics import Code, Diagnostic, Label
from flux.graph.model import AbstractNode, Node, Parameter, ProgramGraph, Signature, Use, listed

Parameters = tuple[Parameter, ...]
Edge = tuple[Use, Use]

MOST_PLACES = 5


def check_edges(graph: ProgramGraph) -> Iterator[Diagnostic]:
    """Every two neighbours that don't fit, with the places where they meet."""
    meetings: dict[tuple[str, str], list[Edge]] = {}
    for before, after in _edges(graph):
        meetings.setdefault((before.node, after.node), []).append((before, after))
    for (giver, taker), edges in meetings.items():
        gives, takes = signature_of(graph.nodes, giver), signature_of(graph.nodes, taker)
        if gives and takes and not same(gives.outputs, takes.inputs):
            yield _mismatch(edges, gives.outputs, takes.inputs)


def signature_of(nodes: Mapping[str, Node], name: str) -> Signature | None:
    """The signature of a node; None where it is unknown."""
    node = nodes.get(name)
    return node.signature if node else None


def _edges(graph: ProgramGraph) -> Iterator[Edge]:
    for node in graph.nodes.values():
        for case in node.cases if isinstance(node, AbstractNode) else ():
            yield from pairwise(case.chain)
    for source in graph.sources:
        yield Use(source.node, source.node_span), Use(source.target, source.target_span)


def same(left: Parameters, right: Parameters) -> bool:
    """Whether the types agree, one by one; names don't count."""
    return [p.type for p in left] == [p.type for p in right]


def counted(number: int) -> str:
    """`1 value`, `2 values`."""
    return f"{number} value{'' if number == 1 else 's'}"


def _mismatch(edges: list[Edge], outputs: Parameters, inputs: Parameters) -> Diagnostic:
    (before, after), *others = edges
    arity = len(outputs) != len(inputs)
    return Diagnostic(
        Code.ARITY if arity else Code.TYPE_MISMATCH,
        f"`{after.node}` cannot take what `{before.node}` gives",
        Label(after.span, f"takes {listed(inputs)}"),
        (
            Label(before.span, f"gives {listed(outputs)}"),
            *(Label(again.span, "and here") for _, again in others[: MOST_PLACES - 1]),
        ),
        notes=(_difference(outputs, inputs),),
        help=_help(before.node, outputs, after.node, inputs),
    )


def _difference(outputs: Parameters, inputs: Parameters) -> str:
    if len(outputs) != len(inputs):
        return f"{counted(len(outputs))} given, {len(inputs)} taken"
    pairs = [(a.type, b.type) for a, b in zip(outputs, inputs, strict=True)]
    place, (given, taken) = next((n, pair) for n, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    return f"value {place} is given as `{given}` and taken as `{taken}`"


def _help(before: str, outputs: Parameters, after: str, inputs: Parameters) -> str:
    """The smallest change to a signature that would mend the edge."""
    if same(outputs, inputs[: len(outputs)]):
        missing = inputs[len(outputs) :]
        return _add_or_drop(missing, f"the outputs of `{before}`", f"the inputs of `{after}`")
    if same(outputs[: len(inputs)], inputs):
        surplus = outputs[len(inputs) :]
        return _add_or_drop(surplus, f"the inputs of `{after}`", f"the outputs of `{before}`")
    return "change one of the two signatures, or put a node between them that converts"


def _add_or_drop(parameters: Parameters, here: str, there: str) -> str:
    those = "it" if len(parameters) == 1 else "them"
    return f"add `{', '.join(map(str, parameters))}` to {here}, or drop {those} from {there}"
