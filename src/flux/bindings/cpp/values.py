"""Types of a program whose values C++ cannot hand on as the program would.

What a node gives is assigned to a variable and moved on from there. Whatever has to stay for later
is a copy: a node's inputs for its handler, and what predicates and session functions are asked.
Of types with names of the user's own, only the compiler knows.
"""

from collections.abc import Iterator

from flux.bindings.cpp.types import (
    is_array,
    is_constant,
    is_fixed,
    is_move_only,
    is_nothing,
    is_reference,
)
from flux.bindings.needs import Need, Role, needs
from flux.diagnostics import Code, Diagnostic, Label
from flux.graph.model import ConcreteNode, ErrorHandler, Node, ProgramGraph
from flux.graph.types import Type
from flux.graph.unused import reachable

_ADVICE = "let it be a `std::shared_ptr`, or a pointer"


def check_values(graph: ProgramGraph) -> Iterator[Diagnostic]:
    """Every type that can't be given, and every one that would have to be copied and can't."""
    roots = [name for source in graph.sources for name in (source.node, source.target)]
    reached = reachable(graph, roots)
    for node in graph.nodes.values():
        if node.name in reached:
            yield from _check_outputs(node) if isinstance(node, ConcreteNode) else ()
            yield from _check_handler(node, node.handler) if node.handler else ()
    for need in needs(graph):
        if need.role is not Role.NODE:
            yield from _check_question(need)


def can_be_given(need: Need) -> bool:
    """Whether C++ has variables for all outputs of a node."""
    return not any(_fault(output.type) for output in need.outputs or ())


def _check_outputs(node: ConcreteNode) -> Iterator[Diagnostic]:
    for output in node.signature.outputs:
        if fault := _fault(output.type):
            why, advice = fault
            yield Diagnostic(
                Code.BAD_OUTPUT_TYPE,
                f"`{node.name}` cannot give `{output}` in C++",
                Label(node.outputs_span, why),
                help=advice,
            )


def _fault(type_: Type) -> tuple[str, str] | None:
    """Why no variable of a type can be given a value, and what to do."""
    if is_reference(type_):
        return "a reference cannot be made to refer to something else", "give a value or a pointer"
    if is_constant(type_):
        return "nothing can be assigned to what is `const`", "leave out this `const`"
    if is_array(type_):
        return "a type in square brackets is none of C++", "give a pointer or a `std::vector`"
    if is_nothing(type_):
        return "there are no values of type `void`", "leave it out"
    if is_fixed(type_):
        return "its values cannot be moved", "give a pointer to it"
    return None


def _check_handler(node: Node, handler: ErrorHandler) -> Iterator[Diagnostic]:
    """The inputs are handed to the handler when they were moved into the node already."""
    for given in node.signature.inputs if node.signature else ():
        if is_move_only(given.type):
            yield Diagnostic(
                Code.MOVE_ONLY_INPUT,
                f"`{given}` cannot be copied for the handler of `{node.name}`",
                Label(handler.span, f"is given what `{node.name}` was given"),
                (Label(node.span, f"takes `{given}`, whose values can only be moved"),),
                help=_ADVICE,
            )


def _check_question(need: Need) -> Iterator[Diagnostic]:
    for given in need.inputs:
        if is_move_only(given.type):
            yield Diagnostic(
                Code.MOVE_ONLY_INPUT,
                f"`{given}` cannot be copied for the {need.role} `{need.name}`",
                Label(need.span, "is given a copy"),
                help=_ADVICE,
            )
