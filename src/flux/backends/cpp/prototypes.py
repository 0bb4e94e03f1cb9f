"""The C++ functions behind the names of a program.

`Compress (int socket, char* raw) -> (int socket, char* jpeg)` is
`int Compress(int socket, char* raw, int* out_socket, char** jpeg)`: inputs by value, outputs by
pointer, 0 or an error's code.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flux.backends.cpp.names import free
from flux.backends.cpp.words import RESERVED
from flux.graph.model import Signature


@dataclass(frozen=True, slots=True)
class Prototype:
    """A function to be written; `meaning` is what the program says of it."""

    result: str
    name: str
    parameters: tuple[str, ...]
    meaning: str


def of_function(name: str, signature: Signature, meaning: str) -> Prototype:
    """A concrete node's."""
    taken = set(RESERVED)
    inputs = [f"{parameter.type} {_fresh(parameter.name, taken)}" for parameter in signature.inputs]
    outputs = [
        f"{parameter.type}* {_out(parameter.name, taken)}" for parameter in signature.outputs
    ]
    return Prototype("int", name, (*inputs, *outputs), meaning)


def of_predicate(name: str, type_: str, meaning: str) -> Prototype:
    """A predicate's."""
    return Prototype("bool", name, (f"{type_} value",), meaning)


def of_session(name: str, types: Iterable[str], meaning: str) -> Prototype:
    """A session function's, which is given all that its source gives."""
    return Prototype("uint64_t", name, tuple(_numbered(types)), meaning)


def _numbered(types: Iterable[str]) -> Iterator[str]:
    for number, type_ in enumerate(types, start=1):
        yield f"{type_} value{number}"


def _fresh(name: str, taken: set[str]) -> str:
    name = free(name, taken)
    taken.add(name)
    return name


def _out(name: str, taken: set[str]) -> str:
    """An output's name: with `out_` before it where an input has it."""
    return _fresh(f"out_{name}" if name in taken else name, taken)
