"""The functions that a program needs, as C++ writes them.

Inputs come by value and outputs go by pointer, in the order of the signature; a node's function
returns 0 or an error code. The names of the parameters mean nothing.
"""

from typing import NamedTuple

from flux.bindings.cpp.keywords import KEYWORDS
from flux.bindings.cpp.system import macros
from flux.bindings.needs import Need, Role
from flux.graph.model import Parameter, Signature
from flux.graph.types import Group, Type, type_tree

RETURNS = {Role.NODE: "int", Role.PREDICATE: "bool", Role.SESSION: "uint64_t"}


class Prototype(NamedTuple):
    """A function to be declared: what it returns, its name, and its parameters with their types."""

    returns: str
    name: str
    parameters: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.returns} {self.name}({', '.join(self.parameters)})"


def function_prototype(name: str, signature: Signature, role: Role) -> Prototype:
    """The function that bears a node, a predicate or a session function.

    Of the last two, only the inputs of the signature count.
    """
    typed = parameters_of(signature, role)
    names = _names(signature, role, [type_ for type_, _ in typed])
    parameters = tuple(f"{type_} {new}" for (type_, _), new in zip(typed, names, strict=True))
    return Prototype(RETURNS[role], name, parameters)


def prototype(need: Need) -> Prototype:
    """The function that a program needs."""
    return function_prototype(need.name, signature_of(need), need.role)


def signature_of(need: Need) -> Signature:
    """What a need takes and gives."""
    return Signature(need.inputs, need.outputs or ())


def parameters_of(signature: Signature, role: Role) -> list[tuple[Type, str]]:
    """The types of the parameters in C++, with the names that they have in the program."""
    outputs = signature.outputs if role is Role.NODE else ()
    return [
        *((parameter.type, parameter.name) for parameter in signature.inputs),
        *((pointer_to(parameter), parameter.name) for parameter in outputs),
    ]


def pointer_to(output: Parameter) -> Type:
    """The type of the parameter through which an output is given."""
    return Type((*output.type.parts, "*"))


def return_type(role: Role) -> Type:
    """What the function of a role returns."""
    return type_tree([RETURNS[role]])


def _names(signature: Signature, role: Role, types: list[Type]) -> list[str]:
    """Names that differ from each other, and from what the compiler takes for something else."""
    taken = KEYWORDS | macros() | {word for type_ in types for word in _words(type_)}
    names: list[str] = []
    for parameter in signature.inputs:
        names.append(_free(parameter.name, taken.union(names)))
    for parameter in signature.outputs if role is Role.NODE else ():
        name = parameter.name
        if name in names:
            name = f"out_{name}"
        names.append(_free(name, taken.union(names)))
    return names


def _words(type_: Type) -> set[str]:
    """All words of a type: a parameter of such a name would hide it."""
    found: set[str] = set()
    for part in type_.parts:
        if isinstance(part, Group):
            found = found.union(*map(_words, part.items))
        else:
            found.add(part)
    return found


def _free(name: str, taken: frozenset[str] | set[str]) -> str:
    while name in taken:
        name += "_"
    return name
