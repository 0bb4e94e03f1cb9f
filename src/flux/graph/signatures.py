"""Types along every edge: the second of the paper's passes (section 3.1).

Outputs meet inputs by position, with the same number and the same types; names don't count.
Undeclared signatures of abstract nodes are inferred from the first case that isn't empty.
Nodes come callees first, so what a chain is made of is known before the chain is looked at;
what is unknown because of an earlier mistake (None) agrees with everything.
"""

from collections.abc import Iterator
from dataclasses import replace

from flux.diagnostics import Code, Diagnostic, Label
from flux.graph.edges import (
    MOST_PLACES,
    Parameters,
    counted,
    misfits,
    mismatch,
    same,
    signature_of,
)
from flux.graph.model import (
    AbstractNode,
    Case,
    ConcreteNode,
    Node,
    ProgramGraph,
    Signature,
    Source,
    Use,
    listed,
)
from flux.source import Span

Nodes = dict[str, Node]


def check_types(graph: ProgramGraph) -> tuple[ProgramGraph, list[Diagnostic]]:
    """The graph with every signature, and all that doesn't fit."""
    nodes: Nodes = {}
    for name, node in graph.nodes.items():
        nodes[name] = _inferred(nodes, node) if isinstance(node, AbstractNode) else node
    typed = replace(graph, nodes=nodes)
    broken = list(misfits(typed))
    torn = {node.name for misfit in broken for node in (misfit.giver, misfit.taker)} | graph.unread
    found = [mismatch(misfit) for misfit in broken]
    for node in nodes.values():
        if isinstance(node, AbstractNode):
            found += _check_cases(nodes, node, is_torn=node.name in torn)
        found += _check_handler(nodes, node)
    for source in graph.sources:
        found += _check_source(nodes, source)
    return typed, found


def _ends(nodes: Nodes, chain: tuple[Use, ...]) -> Signature | None:
    """What a chain takes and gives, if both are known."""
    first, last = signature_of(nodes, chain[0].node), signature_of(nodes, chain[-1].node)
    return Signature(first.inputs, last.outputs) if first and last else None


# Abstract nodes against their flows


def _inferred(nodes: Nodes, node: AbstractNode) -> AbstractNode:
    """The node with its signature, declared or that of its first non-empty case."""
    if node.declared:
        return node
    first = next((case for case in node.cases if case.chain), None)
    return replace(node, signature=_ends(nodes, first.chain) if first else None)


def _check_cases(nodes: Nodes, node: AbstractNode, *, is_torn: bool) -> Iterator[Diagnostic]:
    """A node torn from a neighbour, or from a case, was probably not meant as it was inferred."""
    if not any(case.chain for case in node.cases) and not node.declared and not is_torn:
        yield _unknown_signature(node)
    if node.signature is None:
        return
    yield from _check_patterns(node, node.signature)
    for case in node.cases:
        if case.chain:
            yield from _check_chain(nodes, node, case, node.signature)
        elif node.declared or not is_torn:
            yield from _check_empty(node, case, node.signature)


def _unknown_signature(node: AbstractNode) -> Diagnostic:
    return Diagnostic(
        Code.UNKNOWN_SIGNATURE,
        f"the signature of `{node.name}` can't be inferred",
        Label(node.span, "all its flows are empty"),
        help=f"declare it: `{node.name} (...) -> (...);`",
    )


def _check_patterns(node: AbstractNode, signature: Signature) -> Iterator[Diagnostic]:
    """Each wrong count once: that all cases have it is one mistake."""
    wrong: dict[int, list[Case]] = {}
    for case in node.cases:
        if case.patterns is not None and len(case.patterns) != len(signature.inputs):
            wrong.setdefault(len(case.patterns), []).append(case)
    for count, cases in wrong.items():
        yield _pattern_count(node, signature, count, cases)


def _pattern_count(
    node: AbstractNode, signature: Signature, count: int, cases: list[Case]
) -> Diagnostic:
    first, *others = map(_patterns_span, cases)
    right = ", ".join("_" for _ in signature.inputs)
    return Diagnostic(
        Code.PATTERN_COUNT,
        f"`{node.name}` takes {counted(len(signature.inputs))}, this case has "
        f"{count} pattern{'' if count == 1 else 's'}",
        Label(first, f"`{node.name}` takes {listed(signature.inputs)}"),
        tuple(Label(span, "and here") for span in others[: MOST_PLACES - 1]),
        help=f"write one pattern for each value: `{node.name}:[{right}]`",
    )


def _patterns_span(case: Case) -> Span:
    if not case.patterns:
        return case.span
    return case.patterns[0].span.to(case.patterns[-1].span)


def _check_empty(node: AbstractNode, case: Case, signature: Signature) -> Iterator[Diagnostic]:
    if same(signature.inputs, signature.outputs) or _drops(node, signature):
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
    misfit = _against_declaration if node.declared else _against_first_case
    if not same(ends.inputs, signature.inputs):
        yield misfit(node, case.chain[0], "take", ends.inputs, signature)
    if not same(ends.outputs, signature.outputs) and not _drops(node, signature):
        yield misfit(node, case.chain[-1], "give", ends.outputs, signature)


def _against_declaration(
    node: AbstractNode, use: Use, verb: str, found: Parameters, declared: Signature
) -> Diagnostic:
    takes = verb == "take"
    right = Signature(found, declared.outputs) if takes else Signature(declared.inputs, found)
    return Diagnostic(
        Code.SIGNATURE_MISMATCH,
        f"the flow of `{node.name}` does not {verb} what is declared",
        Label(use.span, f"{verb}s {listed(found)}"),
        (Label(node.span, f"{verb}s {listed(declared.inputs if takes else declared.outputs)}"),),
        help=f"declare `{_declaration(node, right)}`, or change the flow",
    )


def _against_first_case(
    node: AbstractNode, use: Use, verb: str, found: Parameters, inferred: Signature
) -> Diagnostic:
    first = next(case.chain for case in node.cases if case.chain)
    other, wanted = (first[0], inferred.inputs) if verb == "take" else (first[-1], inferred.outputs)
    dropped = f", or declare `{_declaration(node, Signature(inferred.inputs, ()))}` to drop it"
    return Diagnostic(
        Code.CASE_MISMATCH,
        f"the cases of `{node.name}` differ in what they {verb}",
        Label(use.span, f"{verb}s {listed(found)}"),
        (Label(other.span, f"{verb}s {listed(wanted)}"),),
        help=f"let all cases {verb} the same{dropped if verb == 'give' else ''}",
    )


def _declaration(node: AbstractNode, signature: Signature) -> str:
    return f"{node.name} {listed(signature.inputs)} -> {listed(signature.outputs)};"


# Handlers and sources


def _check_handler(nodes: Nodes, node: Node) -> Iterator[Diagnostic]:
    if node.handler is None:
        return
    handler = signature_of(nodes, node.handler.node)
    if node.signature is None or handler is None:
        return
    if not same(node.signature.inputs, handler.inputs):
        yield Diagnostic(
            Code.HANDLER_MISMATCH,
            f"`{node.handler.node}` cannot handle the errors of `{node.name}`",
            Label(node.handler.span, f"takes {listed(handler.inputs)}"),
            (Label(node.span, f"takes {listed(node.signature.inputs)}"),),
            notes=("a handler gets the inputs of the node that failed",),
            help=f"make the inputs of `{node.handler.node}` those of `{node.name}`",
        )


def _check_source(nodes: Nodes, source: Source) -> Iterator[Diagnostic]:
    node = nodes.get(source.node)
    if node is None or node.signature is None or not node.signature.inputs:
        return
    declared = isinstance(node, ConcreteNode) or node.declared
    right = f"make it `{node.name} () -> {listed(node.signature.outputs)};`"
    yield Diagnostic(
        Code.SOURCE_WITH_INPUTS,
        f"the source `{source.node}` takes inputs, but nothing runs before it",
        Label(source.node_span, f"takes {listed(node.signature.inputs)}"),
        (Label(node.span, "declared here" if declared else "its flow is here"),),
        help=right if declared else "let its flow begin with a node that takes nothing",
    )
