"""A Python file as far as its text tells: the names at its top level, and what they stand for.

Nothing is run. A name that is bound in more than one way, or in a way that only running would
show, stands for something unknown; where any name may come to be (`from x import *`, a module's
`__getattr__`), no name can be called missing.
"""

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from flux.source import SourceFile, Span

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
BLOCKS = (ast.If, ast.Try, ast.TryStar, ast.With, ast.For, ast.While, ast.Match)
PARTS = ("body", "orelse", "finalbody", "handlers", "cases")


@dataclass(frozen=True, slots=True)
class Imported:
    """`from module import name`: the module as written, with its leading dots.

    A `name` of None is the module itself.
    """

    module: str
    name: str | None


Meaning = ast.stmt | ast.expr | Imported | None


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a name is bound, and to what: a definition, a value, an import, or who knows."""

    span: Span
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Module:
    """The top level of a Python file.

    `stars` are the modules that `from x import *` names. `is_open`: names may appear that
    the text doesn't show.
    """

    path: Path
    file: SourceFile
    names: dict[str, Binding] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    is_open: bool = False

    def span_of(self, node: ast.expr | ast.stmt | ast.arg) -> Span:
        """The characters of a piece of syntax."""
        end = self.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
        return Span(self.file, self.offset(node.lineno, node.col_offset), end)

    def offset(self, line: int, column: int) -> int:
        """The place of a column, which Python's parser counts in bytes of UTF-8."""
        before = self.file.line(line).encode()[:column]
        return self.file.line_starts[line - 1] + len(before.decode(errors="replace"))


def read_text(path: Path) -> str:
    """The text of a Python file.

    Raises:
        OSError: It can't be read.
        UnicodeDecodeError: It is no UTF-8.
    """
    return path.read_bytes().decode("utf-8-sig")


def parse_module(path: Path, text: str) -> Module:
    """The names of a Python text.

    Raises:
        SyntaxError: Python can't read it.
    """
    text = with_plain_line_ends(text)
    module = Module(path, SourceFile(str(path), text))
    try:
        tree = _parsed(text)
        for statement in tree.body:
            _bind(module, statement)
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(f"too much for Python: {error}") from error
    return _with_names_of_functions(module, tree)


def with_plain_line_ends(text: str) -> str:
    """The text in whose lines Python's parser counts."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd escapes and the like: Python will tell those itself
        return ast.parse(text)


def _with_names_of_functions(module: Module, tree: ast.Module) -> Module:
    """The module with what its functions bind or answer for when they run."""
    is_open = "__getattr__" in module.names
    for node in ast.walk(tree):
        match node:
            case ast.Global(names=names):
                unknown = Binding(module.span_of(node), None)
                module.names.update(dict.fromkeys(names, unknown))
            case ast.Name(id="globals" | "exec"):
                is_open = True
    return replace(module, is_open=is_open)


def _bind(module: Module, statement: ast.stmt) -> None:
    """Enter the names that a statement of the top level binds."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            span = _name_span(module, statement)
            module.names[statement.name] = Binding(span, statement)
        case ast.Import() | ast.ImportFrom():
            _bind_imports(module, statement)
        case ast.Assign(targets=[ast.Name() as target], value=value):
            module.names[target.id] = Binding(module.span_of(target), value)
        case ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value):
            module.names[target.id] = Binding(module.span_of(target), value)
        case ast.Delete(targets=targets):
            for name in _bound_names(targets):
                module.names.pop(name.id, None)
        case ast.stmt() if isinstance(statement, BLOCKS):
            _bind_block(module, statement)
        case _:
            for target in _bound_names([statement]):
                module.names[target.id] = Binding(module.span_of(target), None)


def _bind_imports(module: Module, statement: ast.Import | ast.ImportFrom) -> None:
    for alias in statement.names:
        span = Span(
            module.file,
            module.offset(alias.lineno, alias.col_offset),
            module.offset(alias.end_lineno or alias.lineno, alias.end_col_offset or 0),
        )
        if isinstance(statement, ast.Import):
            bound = alias.asname or alias.name.partition(".")[0]
            module.names[bound] = Binding(span, Imported(alias.name, None))
            continue
        origin = "." * statement.level + (statement.module or "")
        if alias.name == "*":
            module.stars.append(origin)
        else:
            bound = alias.asname or alias.name
            module.names[bound] = Binding(span, Imported(origin, alias.name))


def _bind_block(module: Module, block: ast.stmt) -> None:
    """What a condition or a loop binds is known only if it is bound nowhere else."""
    for statement in _statements(block):
        inner = Module(module.path, module.file)
        _bind(inner, statement)
        module.stars.extend(inner.stars)
        for name, binding in inner.names.items():
            unclear = name in module.names
            module.names[name] = Binding(binding.span, None) if unclear else binding
    for target in _bound_names([block]):
        module.names.setdefault(target.id, Binding(module.span_of(target), None))


def _statements(block: ast.AST) -> Iterator[ast.stmt]:
    for part in PARTS:
        for child in getattr(block, part, ()):
            if isinstance(child, ast.stmt):
                yield child
            else:
                yield from _statements(child)


def _bound_names(nodes: Iterable[ast.AST]) -> Iterator[ast.Name]:
    """The names that some code assigns or deletes at its own level."""
    for node in nodes:
        match node:
            case ast.Name(ctx=ast.Store() | ast.Del()):
                yield node
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Lambda():
                pass
            case _:
                yield from _bound_names(ast.iter_child_nodes(node))


def _name_span(module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Span:
    """The name behind `def` or `class`."""
    start = module.offset(node.lineno, node.col_offset)
    found = re.compile(rf"\b{re.escape(node.name)}\b").search(module.file.text, start)
    return Span(module.file, *found.span()) if found else module.span_of(node)
