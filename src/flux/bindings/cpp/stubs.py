"""Stubs: the functions that a program still needs, for the user to fill in.

They compile as they are, and look as `clang-format` leaves them in Google's style, 100 columns wide
as generated code is. A new file gets a header beside it for the types that the program names.
"""

from collections.abc import Sequence
from pathlib import Path, PurePath
from textwrap import wrap

from flux.bindings.cpp.check import missing
from flux.bindings.cpp.files import read_nodes
from flux.bindings.cpp.signatures import Prototype, prototype
from flux.bindings.cpp.type_stubs import type_stubs
from flux.bindings.needs import Need, Role
from flux.diagnostics import Code
from flux.graph.model import ProgramGraph, listed

COLUMNS = 100
INDENT = "    "
EXCEPTIONS = "#include <stdexcept>\n"


def stubs(graph: ProgramGraph, nodes: Sequence[Path]) -> dict[Path, str]:
    """The text to add to each file, so that no function is missing; no files if none is.

    Functions are added to the first of the nodes files.

    Raises:
        ValueError: A file is there, but it can't be read.
    """
    path, is_c = nodes[0], nodes[0].suffix == ".c"
    present = _present(graph, nodes)
    found = read_nodes(graph, nodes if present else nodes[1:])
    needed = missing(graph, found)
    if not needed:
        return {}
    functions = "\n".join(_stub(need, is_c=is_c) for need in needed)
    if not is_c and any(need.role is not Role.NODE for need in needed):
        functions = f"{EXCEPTIONS if EXCEPTIONS.strip() not in present else ''}\n{functions}"
    if present.strip():
        return {path: _behind(present, functions)}
    return _new_files(graph, path, functions)


def _present(graph: ProgramGraph, nodes: Sequence[Path]) -> str:
    """The text of the first nodes file, if it is there and all of them can be read."""
    if not nodes[0].exists():
        return ""
    for diagnostic in read_nodes(graph, nodes).diagnostics:
        if diagnostic.code is Code.NODES_FILE:
            raise ValueError(f"{diagnostic.message}: no stubs can be added to it")
    return nodes[0].read_bytes().decode("utf-8-sig")


def _behind(present: str, text: str) -> str:
    """A text to follow another one, with an empty line between them, in its line ends."""
    end = present[len(present.rstrip()) :]
    gap = "\n" * max(2 - end.count("\n"), 0)
    return (gap + text.lstrip()).replace("\n", "\r\n" if "\r\n" in present else "\n")


def _new_files(graph: ProgramGraph, path: Path, functions: str) -> dict[Path, str]:
    """A nodes file, and a header for the types of the program if they are its own."""
    types = path.with_name(f"{path.stem}_types.h")
    declared = type_stubs(graph, is_c=path.suffix == ".c")
    setting = f"// flux: headers={types.name}\n" if declared else ""
    stem = PurePath(graph.file.name).stem
    top = f'// The functions of {stem}.flux.\n{setting}\n#include "{stem}.h"\n\n'
    new = {path: top + functions}
    if declared and not types.exists():
        new[types] = declared
    return new


def _stub(need: Need, *, is_c: bool) -> str:
    comment = wrap(_meaning(need), COLUMNS - 3, break_long_words=False, break_on_hyphens=False)
    lines = [*(f"// {line}" for line in comment), *_head(prototype(need))]
    return "\n".join([*lines, "  // Not written yet.", f"  {_body(need, is_c=is_c)}", "}", ""])


def _meaning(need: Need) -> str:
    match need.role:
        case Role.NODE:
            return f"{need.name} {listed(need.inputs)} -> {listed(need.outputs or ())}"
        case Role.PREDICATE:
            return f"Whether {need.name} holds of {listed(need.inputs)}"
        case Role.SESSION:
            return f"The id of the session to which this belongs: {listed(need.inputs)}"


def _head(function: Prototype) -> list[str]:
    """The lines up to the brace: parameters below each other, or on lines of their own."""
    start = f"{function.returns} {function.name}("
    last = len(function.parameters) - 1
    ends = [") {" if place == last else "," for place in range(last + 1)]
    parts = [part + end for part, end in zip(function.parameters, ends, strict=True)] or [") {"]
    lines = _filled(start, " " * len(start), parts)
    if max(map(len, lines)) > COLUMNS:
        return [start, *_filled(INDENT, INDENT, parts)]
    return lines


def _filled(start: str, indent: str, parts: list[str]) -> list[str]:
    """Lines with as many parts in each as it has room for."""
    lines = [start + parts[0]]
    for part in parts[1:]:
        if len(lines[-1]) + 1 + len(part) > COLUMNS:
            lines.append(indent + part)
        else:
            lines[-1] += f" {part}"
    return lines


def _body(need: Need, *, is_c: bool) -> str:
    match need.role:
        case Role.NODE:
            return "return ENOSYS;"
        case _ if not is_c:
            return f'throw std::logic_error("{need.name} is not written yet");'
        case Role.PREDICATE:
            return "return false;"
        case Role.SESSION:
            return "return 0;"
