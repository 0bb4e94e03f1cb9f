"""A Python file as far as its text tells: the names at its top level, and what they stand for.

Nothing is run. A name that is bound in more than one way, or in a way that only running would
show, stands for something unknown; where any name may come to be (`from x import *`, a module's
`__getattr__`), no name can be called missing.
"""

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flux.source import SourceFile, Span

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
BLOCKS = (ast.If, ast.Try, ast.TryStar, ast.With, ast.For, ast.While, ast.Match)
HANDED_ON = ("body", "orelse", "finalbody", "handlers", "cases")


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
    """The text of a Python file, whose lines end as in memory.

    Raises:
        OSError: It can't be read.
        UnicodeDecodeError: It is no UTF-8.
    """
    text = path.read_bytes().decode("utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse_module(path: Path, text: str) -> Module:
    """The names of a Python text.

    Raises:
        SyntaxError: Python can't read it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd escapes and the like: Python tells those itself
        try:
            tree = ast.parse(text)
        except (ValueError, RecursionError, MemoryError) as error:
            raise SyntaxError(f"Python can't read it: {error}") from error
    file = SourceFile(str(path), text)
    module = Module(path, file, is_open=_makes_names_at_run_time(tree))
    for statement in tree.body:
        _bind(module, statement)
    return module


def _makes_names_at_run_time(tree: ast.Module) -> bool:
    """Whether the module answers for any name, or writes into its own table of names."""
    return any(
        (isinstance(node, ast.FunctionDef) and node.name == "__getattr__" and node in tree.body)
        or (isinstance(node, ast.Name) and node.id in ("globals", "exec", "setattr"))
        for node in ast.walk(tree)
    )


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
            _bind_unknown(module, [statement])


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
    inner = Module(module.path, module.file)
    for statement in _statements(block):
        before = dict(inner.names)
        _bind(inner, statement)
        for name in before.keys() & inner.names.keys():
            if inner.names[name] is not before[name]:
                inner.names[name] = Binding(inner.names[name].span, None)
    _bind_unknown(inner, [block])
    module.stars.extend(inner.stars)
    for name, binding in inner.names.items():
        known = name not in module.names
        module.names[name] = binding if known else Binding(binding.span, None)


def _statements(block: ast.AST) -> Iterator[ast.stmt]:
    for part in HANDED_ON:
        for child in getattr(block, part, ()):
            if isinstance(child, ast.stmt):
                yield child
            else:
                yield from _statements(child)


def _bind_unknown(module: Module, nodes: Iterable[ast.AST]) -> None:
    for name in _bound_names(nodes):
        module.names.setdefault(name.id, Binding(module.span_of(name), None))


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
