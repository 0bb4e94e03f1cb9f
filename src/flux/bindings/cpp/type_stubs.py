"""Empty types for those that a program names and nobody has defined."""

from collections.abc import Iterator
from pathlib import PurePath

from flux.bindings.cpp.keywords import BUILT_IN, KEYWORDS
from flux.bindings.cpp.system import system_types
from flux.bindings.cpp.types import Shape, shape
from flux.bindings.needs import needs
from flux.graph.model import ProgramGraph

# Types of the system that none of its functions names.
_MORE_TYPES = frozenset(
    {
        "sockaddr_in",
        "sockaddr_in6",
        "sockaddr_un",
        "sockaddr_storage",
        "in_addr",
        "in6_addr",
        "uint",
        "ulong",
        "ushort",
    }
)
_LIBRARIES = ("std", "flux")


def type_stubs(graph: ProgramGraph, *, is_c: bool) -> str:
    """A header with a type of each name, for C++ or for C; nothing if there are no such names."""
    parameters = [p for need in needs(graph) for p in (*need.inputs, *(need.outputs or ()))]
    names = (name for parameter in parameters for name in _names(shape(parameter.type)))
    types = [_type(*name, is_c=is_c) for name in dict.fromkeys(names)]
    if not types:
        return ""
    program = PurePath(graph.file.name).name
    top = f"// The types that flow through {program}: give them what they need."
    return "\n".join([top, "", "#pragma once", "", *types, ""])


def _names(given: Shape) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The names of a type that are the program's own, and whether they have arguments."""
    for inner in given.arguments:
        yield from _names(inner)
    words = tuple(word for word in given.base if isinstance(word, str) and word != "::")
    if words and _is_own(words, given):
        yield words, bool(given.arguments)


def _is_own(words: tuple[str, ...], given: Shape) -> bool:
    """Whether nobody else defines a type: it is one name, in name spaces or not."""
    signs = [word for word in given.base if word == "::"]
    is_name = all(word.isidentifier() and word not in KEYWORDS | BUILT_IN for word in words)
    if not is_name or len(signs) != len(words) - 1 or words[0] in _LIBRARIES:
        return False
    return len(words) > 1 or not (
        words[0].endswith("_t") or words[0] in system_types() | _MORE_TYPES
    )


def _type(words: tuple[str, ...], has_arguments: bool, *, is_c: bool) -> str:  # noqa: FBT001
    *spaces, name = words
    if is_c:
        return f"typedef struct {name} {{\n  char unused;\n}} {name};"
    text = (
        f"template <typename...>\nstruct {name} {{}};" if has_arguments else f"struct {name} {{}};"
    )
    space = "::".join(spaces)
    return f"namespace {space} {{\n{text}\n}}  // namespace {space}" if space else text
