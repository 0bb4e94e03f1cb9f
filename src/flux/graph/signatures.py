"""Types along every edge: the second of the paper's passes (section 3.1).

Outputs meet inputs by position, with the same number and the same types; names don't count.
Undeclared signatures of abstract nodes are inferred from the first case that isn't empty.
Nodes come callees first, so what a chain is made of is known before the chain is looked at;
what is unknown because of an earlier mistake (None) agrees with everything.
"""

from collections.abc import Iterator
from dataclasses import replace

from flux.diagnostics import Code, Diagnostic, Label
from flux.graph.model import (
    AbstractNode,
    Case,
    ConcreteNode,
    Node,
    Parameter,
    ProgramGraph,
    Signature,
    Source,
    Use,
    listed,
)
from flux.source import Span

Parameters = tuple[Parameter, ...]
Nodes = dict[str, Node]


def check_types(graph: ProgramGraph) -> tuple[ProgramGraph, list[Diagnostic]]:
    """The graph with every signature, and all that doesn't fit."""
    nodes: Nodes = {}
    found: list[Diagnostic] = []
    for name, node in graph.nodes.items():
        if isinstance(node, AbstractNode):
            found += _broken_edges(nodes, node)
            nodes[name] = _inferred(nodes, node)
            found += _check_cases(nodes, node, signature_of(nodes, name))
        else:
            nodes[name] = node
    for node in nodes.values():
        found += _check_handler(nodes, node)
    for source in graph.sources:
        found += _check_source(nodes, source)
    return replace(graph, nodes=nodes), found


def signature_of(nodes: Nodes, name: str) -> Signature | None:
    """The signature of a node; None where it is unknown."""
    node = nodes.get(name)
    return node.signature if node else None


def _same(left: Parameters, right: Parameters) -> bool:
    return [p.type for p in left] == [p.type for p in right]


def _ends(nodes: Nodes, chain: tuple[Use, ...]) -> Signature | None:
    """What a chain takes and gives, if both are known."""
    first, last = signature_of(nodes, chain[0].node), signature_of(nodes, chain[-1].node)
    return Signature(first.inputs, last.outputs) if first and last else None


# Edges within a chain


def _broken_edges(nodes: Nodes, node: AbstractNode) -> Iterator[Diagnostic]:
    for case in node.cases:
        for before, after in zip(case.chain, case.chain[1:], strict=False):
            yield from _edge(nodes, before, after)


def _edge(nodes: Nodes, before: Use, after: Use) -> Iterator[Diagnostic]:
    gives, takes = signature_of(nodes, before.node), signature_of(nodes, after.node)
    if gives and takes:
        yield from _mismatch(before, gives.outputs, after, takes.inputs)


def _mismatch(
    before: Use, outputs: Parameters, after: Use, inputs: Parameters
) -> Iterator[Diagnostic]:
    if _same(outputs, inputs):
        return
    arity = len(outputs) != len(inputs)
    yield Diagnostic(
        Code.ARITY if arity else Code.TYPE_MISMATCH,
        f"`{after.node}` cannot take what `{before.node}` gives",
        Label(after.span, f"takes {listed(inputs)}"),
        (Label(before.span, f"gives {listed(outputs)}"),),
        notes=(_difference(outputs, inputs),),
        help=_edge_help(before.node, outputs, after.node, inputs),
    )


def _difference(outputs: Parameters, inputs: Parameters) -> str:
    if len(outputs) != len(inputs):
        return f"{_count(len(outputs))} given, {len(inputs)} taken"
    pairs = [(a.type, b.type) for a, b in zip(outputs, inputs, strict=True)]
    place, (given, taken) = next((n, pair) for n, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    return f"value {place} is `{given}` on one side and `{taken}` on the other"


def _count(number: int) -> str:
    return f"{number} value{'' if number == 1 else 's'}"


def _edge_help(before: str, outputs: Parameters, after: str, inputs: Parameters) -> str:
    """The smallest change to a signature that would mend the edge."""
    if _same(outputs, inputs[: len(outputs)]):
        missing = ", ".join(map(str, inputs[len(outputs) :]))
        return (
            f"add `{missing}` to the outputs of `{before}`, or drop it from the inputs of `{after}`"
        )
    if _same(outputs[: len(inputs)], inputs):
        surplus = ", ".join(map(str, outputs[len(inputs) :]))
        return (
            f"add `{surplus}` to the inputs of `{after}`, or drop it from the outputs of `{before}`"
        )
    return "change one of the two signatures, or put a node between them that converts"


# Abstract nodes against their flows


def _inferred(nodes: Nodes, node: AbstractNode) -> AbstractNode:
    """The node with its signature, declared or that of its first non-empty case."""
    if node.declared:
        return node
    first = next((case for case in node.cases if case.chain), None)
    return replace(node, signature=_ends(nodes, first.chain) if first else None)


def _check_cases(
    nodes: Nodes, node: AbstractNode, signature: Signature | None
) -> Iterator[Diagnostic]:
    if not any(case.chain for case in node.cases) and not node.declared:
        yield _unknown_signature(node)
    if signature is None:
        return
    for case in node.cases:
        yield from _check_patterns(node, case, signature)
        if case.chain:
            yield from _check_chain(nodes, node, case, signature)
        else:
            yield from _check_empty(node, case, signature)


def _unknown_signature(node: AbstractNode) -> Diagnostic:
    return Diagnostic(
        Code.UNKNOWN_SIGNATURE,
        f"the signature of `{node.name}` can't be inferred",
        Label(node.span, "all its flows are empty"),
        help=f"declare it: `{node.name} (...) -> (...);`",
    )


def _check_patterns(node: AbstractNode, case: Case, signature: Signature) -> Iterator[Diagnostic]:
    patterns = case.patterns
    if patterns is None or len(patterns) == len(signature.inputs):
        return
    right = ", ".join("_" for _ in signature.inputs)
    yield Diagnostic(
        Code.PATTERN_COUNT,
        f"`{node.name}` takes {_count(len(signature.inputs))}, this case has "
        f"{len(patterns)} pattern{'' if len(patterns) == 1 else 's'}",
        Label(_patterns_span(case), f"`{node.name}` takes {listed(signature.inputs)}"),
        help=f"write one pattern for each value: `{node.name}:[{right}]`",
    )


def _patterns_span(case: Case) -> Span:
    if not case.patterns:
        return case.span
    return case.patterns[0].span.to(case.patterns[-1].span)


def _check_empty(node: AbstractNode, case: Case, signature: Signature) -> Iterator[Diagnostic]:
    if _same(signature.inputs, signature.outputs) or _drops(node, signature):
        return
    yield Diagnostic(
        Code.EMPTY_CASE,
        f"an empty flow hands on what `{node.name}` takes, which isn't what it gives",
        Label(case.span, f"takes {listed(signature.inputs)}, gives {listed(signature.outputs)}"),
        help="put a node into the flow that makes the one from the other",
    )


def _drops(node: AbstractNode, signature: Signature) -> bool:
    """Whether the node is declared `-> ()`, so that it drops whatever its flow gives."""
    return node.declared and not signature.outputs


def _check_chain(
    nodes: Nodes, node: AbstractNode, case: Case, signature: Signature
) -> Iterator[Diagnostic]:
    ends = _ends(nodes, case.chain)
    if ends is None:
        return
    if not _same(ends.inputs, signature.inputs):
        yield _misfit(node, case.chain[0], "takes", ends.inputs, signature.inputs)
    if not _same(ends.outputs, signature.outputs) and not _drops(node, signature):
        yield _misfit(node, case.chain[-1], "gives", ends.outputs, signature.outputs)


def _misfit(
    node: AbstractNode, use: Use, verb: str, found: Parameters, wanted: Parameters
) -> Diagnostic:
    if node.declared:
        return Diagnostic(
            Code.SIGNATURE_MISMATCH,
            f"`{node.name}` is declared otherwise than its flow",
            Label(use.span, f"{verb} {listed(found)}"),
            (Label(node.span, f"declared: {verb} {listed(wanted)}"),),
            help=f"declare `{node.name}` as its flow is, or change the flow",
        )
    first = next(case for case in node.cases if case.chain)
    return Diagnostic(
        Code.CASE_MISMATCH,
        f"the cases of `{node.name}` differ in what they {'take' if verb == 'takes' else 'give'}",
        Label(use.span, f"{verb} {listed(found)}"),
        (Label(first.chain[0 if verb == "takes" else -1].span, f"{verb} {listed(wanted)}"),),
        help=f"make both alike, or declare `{node.name} {listed(_inputs(node))} -> ();` to drop "
        "what they give"
        if verb == "gives"
        else "make both alike",
    )


def _inputs(node: AbstractNode) -> Parameters:
    return node.signature.inputs if node.signature else ()


# Handlers and sources


def _check_handler(nodes: Nodes, node: Node) -> Iterator[Diagnostic]:
    if node.handler is None:
        return
    handler = signature_of(nodes, node.handler.node)
    if node.signature is None or handler is None:
        return
    if not _same(node.signature.inputs, handler.inputs):
        yield Diagnostic(
            Code.HANDLER_MISMATCH,
            f"`{node.handler.node}` cannot handle the errors of `{node.name}`",
            Label(node.handler.span, f"takes {listed(handler.inputs)}"),
            (Label(node.span, f"takes {listed(node.signature.inputs)}"),),
            notes=("a handler gets the inputs of the node that failed",),
            help=f"make the inputs of `{node.handler.node}` those of `{node.name}`",
        )


def _check_source(nodes: Nodes, source: Source) -> Iterator[Diagnostic]:
    node, target = nodes.get(source.node), nodes.get(source.target)
    gives = node.signature if node else None
    takes = target.signature if target else None
    if node and gives and gives.inputs:
        yield _source_with_inputs(source, node, gives)
    if gives and takes:
        before = Use(source.node, source.node_span)
        after = Use(source.target, source.target_span)
        yield from _mismatch(before, gives.outputs, after, takes.inputs)


def _source_with_inputs(source: Source, node: Node, signature: Signature) -> Diagnostic:
    declared = isinstance(node, ConcreteNode) or node.declared
    return Diagnostic(
        Code.SOURCE_WITH_INPUTS,
        f"the source `{source.node}` takes inputs, but nothing runs before it",
        Label(source.node_span, f"takes {listed(signature.inputs)}"),
        (Label(node.span, "declared here" if declared else "its flow is here"),),
        help=f"make it `{source.node} () -> {listed(signature.outputs)};`",
    )
