"""What one node gives against what the next one takes, along every edge of the program.

The same two nodes may meet in many places; that they don't fit is one mistake.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from flux.diagnostics import Code, Diagnostic, Label
from flux.graph.model import AbstractNode, Node, Parameter, ProgramGraph, Signature, Use, listed

Parameters = tuple[Parameter, ...]
Edge = tuple[Use, Use]

MOST_PLACES = 5


@dataclass(frozen=True, slots=True)
class Misfit:
    """Two neighbours of which one gives what the other can't take, wherever they meet."""

    giver: Node
    outputs: Parameters
    taker: Node
    inputs: Parameters
    edges: list[Edge]


def misfits(graph: ProgramGraph) -> Iterator[Misfit]:
    """Every two neighbours that don't fit."""
    meetings: dict[tuple[str, str], list[Edge]] = {}
    for before, after in _edges(graph):
        meetings.setdefault((before.node, after.node), []).append((before, after))
    for pair, edges in meetings.items():
        gives, takes = (signature_of(graph.nodes, name) for name in pair)
        if gives and takes and not same(gives.outputs, takes.inputs):
            giver, taker = (graph.nodes[name] for name in pair)
            yield Misfit(giver, gives.outputs, taker, takes.inputs, edges)


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


def mismatch(misfit: Misfit) -> Diagnostic:
    """What is to be said of two neighbours that don't fit."""
    (before, after), *others = misfit.edges
    arity = len(misfit.outputs) != len(misfit.inputs)
    return Diagnostic(
        Code.ARITY if arity else Code.TYPE_MISMATCH,
        f"`{after.node}` cannot take what `{before.node}` gives",
        Label(after.span, f"takes {listed(misfit.inputs)}"),
        (
            Label(before.span, f"gives {listed(misfit.outputs)}"),
            *(Label(again.span, "and here") for _, again in others[: MOST_PLACES - 1]),
        ),
        notes=(_difference(misfit.outputs, misfit.inputs),),
        help=_help(misfit),
    )


def _difference(outputs: Parameters, inputs: Parameters) -> str:
    if len(outputs) != len(inputs):
        return f"{counted(len(outputs))} given, {len(inputs)} taken"
    pairs = [(a.type, b.type) for a, b in zip(outputs, inputs, strict=True)]
    place, (given, taken) = next((n, pair) for n, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    return f"value {place} is given as `{given}` and taken as `{taken}`"


def _help(misfit: Misfit) -> str:
    """The smallest change to a signature that would mend the edge."""
    outputs, inputs = misfit.outputs, misfit.inputs
    giver, taker = _with_line(misfit.giver), _with_line(misfit.taker)
    given, taken = f"the outputs of {giver}", f"the inputs of {taker}"
    if same(outputs, inputs[: len(outputs)]):
        return _add_or_drop(inputs[len(outputs) :], given, taken)
    if same(outputs[: len(inputs)], inputs):
        return _add_or_drop(outputs[len(inputs) :], taken, given)
    return f"let {giver} give what {taker} takes, or put a node between them that converts"


def _with_line(node: Node) -> str:
    return f"`{node.name}` (line {node.span.line})"


def _add_or_drop(parameters: Parameters, here: str, there: str) -> str:
    those = "it" if len(parameters) == 1 else "them"
    return f"add `{', '.join(map(str, parameters))}` to {here}, or drop {those} from {there}"
