"""The header that the user's files include: what every function of the program looks like."""

from collections.abc import Iterator
from dataclasses import dataclass

from flux.backends.cpp import overloads
from flux.backends.cpp.wrap import comment, listed, one_line
from flux.backends.writer import Writer
from flux.bindings.cpp.signatures import Prototype, function_prototype
from flux.bindings.needs import Role
from flux.graph.model import Signature
from flux.graph.model import listed as as_flux
from flux.plan.model import Plan

SYSTEM = """
    arpa/inet.h dirent.h errno.h fcntl.h limits.h math.h netdb.h netinet/in.h netinet/tcp.h poll.h
    pthread.h semaphore.h signal.h stdbool.h stddef.h stdint.h stdio.h stdlib.h string.h strings.h
    sys/mman.h sys/socket.h sys/stat.h sys/time.h sys/types.h sys/uio.h sys/wait.h time.h unistd.h
"""

STANDARD = "functional map memory optional set string string_view utility variant vector"


Needed = tuple[str, Prototype]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the implementation says of itself.

    `headers` declare the types that flow. `c_functions` are written in C; `declared` are those
    that the system's headers declare already. Nodes that are `blocking` hold up their thread.
    """

    headers: tuple[str, ...] = ()
    c_functions: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()
    blocking: frozenset[str] = frozenset()


def emit_header(plan: Plan, title: str, around: Surroundings) -> Writer:
    """The text of the header, for C++ and, where functions are written in C, for C."""
    out = Writer("  ")
    out.line(title)
    out.line(f"// The functions of {one_line(plan.name)}: include this where they are written.")
    out.line()
    out.line("#pragma once")
    out.line()
    _emit_includes(out, around)
    needed = [each for each in _needed(plan) if each[1].name not in around.declared]
    in_c = [each for each in needed if each[1].name in around.c_functions]
    in_cpp = [each for each in needed if each[1].name not in around.c_functions]
    if in_c:
        _emit_c(out, in_c)
    if in_cpp:
        _emit_cpp(out, in_cpp, beside_c=bool(in_c))
    return out


def _emit_includes(out: Writer, around: Surroundings) -> None:
    for name in SYSTEM.split():
        out.line(f"#include <{name}>")
    out.line()
    out.line("#include <flux/flux.h>")
    out.line()
    out.line("#ifdef __cplusplus")
    for name in STANDARD.split():
        out.line(f"#include <{name}>")
    out.line("#endif")
    out.line()
    for name in around.headers:
        out.line(f"#include {name}" if name.startswith("<") else f'#include "{name}"')
    if around.headers:
        out.line()


def _emit_c(out: Writer, needed: list[Needed]) -> None:
    out.text('#ifdef __cplusplus\nextern "C" {\n#endif\n')
    out.line()
    _emit_prototypes(out, needed)
    out.line()
    out.text("#ifdef __cplusplus\n}\n#endif")


def _emit_cpp(out: Writer, needed: list[Needed], *, beside_c: bool) -> None:
    if beside_c:
        out.text("\n#ifdef __cplusplus\n")
        out.line()
    _emit_prototypes(out, needed)
    if beside_c:
        out.text("\n#endif")


def _emit_prototypes(out: Writer, needed: list[Needed]) -> None:
    for number, (said, prototype) in enumerate(needed):
        if number:
            out.line()
        out.text(comment(said))
        opening = f"{prototype.returns} {prototype.name}("
        out.text(listed(opening, prototype.parameters or ("void",), ");", room=out.room))


def _needed(plan: Plan) -> Iterator[Needed]:
    """Every function, and what the program says of it."""
    for function in plan.functions:
        signature = function.signature
        said = f"{function.name} {as_flux(signature.inputs)} -> {as_flux(signature.outputs)};"
        yield said, function_prototype(function.name, signature, Role.NODE)
    types = {predicate.name: predicate.types for predicate in plan.predicates}
    for name, asked in overloads.predicates(plan).items():
        said = " ".join(f"typedef {type_} {name};" for type_ in types[name])
        for inputs in asked:
            yield said, function_prototype(name, Signature(inputs, ()), Role.PREDICATE)
    for name, asked in overloads.sessions(plan).items():
        source = next(each.source for each in plan.sessions if each.name == name)
        for inputs in asked:
            prototype = function_prototype(name, Signature(inputs, ()), Role.SESSION)
            yield f"source {source} {{session: {name}}}", prototype
