"""Stubs: the functions that a program still needs, for the user to fill in.

They look as `ruff format` would leave them, whatever its line length.
"""

from collections.abc import Iterator
from keyword import iskeyword
from pathlib import Path

from flux.bindings.needs import Need, Role, needs
from flux.bindings.python.bind import definition_of
from flux.bindings.python.lookup import Lookup
from flux.bindings.python.module import Module, parse_module, read_text
from flux.bindings.python.names import HOOKS
from flux.bindings.python.parameters import parameter_names
from flux.graph.model import ProgramGraph, listed
from flux.runtime.nodes import spellings

LINE = 79  # the shortest lines in use: longer ones would leave what fits as it is


def stubs(graph: ProgramGraph, nodes: Path) -> str:
    """The text to add to a nodes file, so that no function is missing; empty if none is.

    Raises:
        ValueError: The file is there, but it can't be read as Python.
    """
    present = _text_of(nodes)
    missing = "\n\n\n".join(_missing_stubs(graph, _module(nodes, present)))
    if not missing:
        return ""
    if not present.strip():
        return f'"""The nodes of {_quotable(Path(graph.file.name).name)}."""\n\n\n{missing}\n'
    return (_gap(present) + missing + "\n").replace("\n", _line_end(present))


def _text_of(nodes: Path) -> str:
    try:
        return read_text(nodes)
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise ValueError(f"{nodes} is no UTF-8 text: no stubs can be added to it") from None


def _module(nodes: Path, text: str) -> Module:
    try:
        return parse_module(nodes, text)
    except SyntaxError as error:
        place = f"{nodes}:{error.lineno}" if error.lineno else str(nodes)
        raise ValueError(f"{place}: {error.msg}: no stubs can be added to it") from error


def _gap(present: str) -> str:
    """Whatever lacks of two empty lines at the end of a text."""
    end = present[len(present.rstrip()) :]
    return "\n" * max(3 - end.count("\n"), 0)


def _line_end(present: str) -> str:
    return "\r\n" if "\r\n" in present else "\n"


def _missing_stubs(graph: ProgramGraph, module: Module) -> Iterator[str]:
    lookup = Lookup(module)
    written: set[str] = set(HOOKS)
    for need in needs(graph):
        symbol = spellings(need.name)[-1]
        if symbol in written or symbol in module.names or iskeyword(symbol):
            continue
        if definition_of(lookup, need.name) is None:
            written.add(symbol)
            yield _stub(need, symbol)


def _stub(need: Need, symbol: str) -> str:
    definition = _definition(symbol, parameter_names(need.inputs))
    return f"{definition}\n{_docstring(_description(need))}\n{_body(need.name)}"


def _definition(symbol: str, parameters: list[str]) -> str:
    line = f"def {symbol}({', '.join(parameters)}):"
    if len(line) <= LINE or not parameters:
        return line
    return "\n".join([f"def {symbol}(", *(f"    {name}," for name in parameters), "):"])


def _body(name: str) -> str:
    line = f'    raise NotImplementedError("{name}")'
    return line if len(line) <= LINE else "    raise NotImplementedError"


def _description(need: Need) -> list[str]:
    """What the function is for, in parts that stand on one line if it is long enough."""
    match need.role:
        case Role.NODE:
            return [f"{need.name} {listed(need.inputs)}", f"-> {listed(need.outputs or ())}."]
        case Role.PREDICATE:
            return [f"Tell whether {need.name} holds of", f"{listed(need.inputs)}."]
        case Role.SESSION:
            return ["Give the id of the session to which this belongs:", f"{listed(need.inputs)}."]


def _docstring(parts: list[str]) -> str:
    line = f'    """{_quotable(" ".join(parts))}"""'
    if len(line) <= LINE:
        return line
    first, *more = map(_quotable, parts)
    return "\n".join([f'    """{first}', *(f"    {part}" for part in more), '    """'])


def _quotable(text: str) -> str:
    """Text that can stand in a docstring."""
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
