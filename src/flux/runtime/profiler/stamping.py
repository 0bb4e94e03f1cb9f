"""The program with stamps in its own text, where that is at hand.

A wrapper takes longer than what it stamps. So calls of nodes and constraints that are statements
become plain ones, with the stamps behind them; what is called otherwise, such as a handler, stays
in its wrapper. The text is that of the program, line by line, so tracebacks show what they would
show without a profile. Names that begin with `ƒ` are none of Flux, so they can't clash.
"""

import ast
import linecache
from collections.abc import Callable, Iterator
from copy import deepcopy
from types import FunctionType

from flux.runtime.constraints import Constraints
from flux.runtime.nodes import Nodes
from flux.runtime.profiler.clocks import clock
from flux.runtime.profiler.marks import Kind, Mark, Marks
from flux.runtime.profiler.wrappers import USES, use_of
from flux.runtime.program import Program

Bind = Callable[[Nodes, Constraints], Program]

PLAIN = "ƒ"
DOING = "ƒdoing"
"""The mark of what a routine is calling, if it is; `flux.runtime.profiler.flows` reads it."""

BEGIN = "ƒstamps = flow.record"
CALL = """\
ƒdoing = {done}
try:
    pass
except BaseException:
    ƒstamps.append({failed})
    ƒstamps.append(ƒclock())
    raise
ƒstamps.append({done})
ƒstamps.append(ƒclock())
ƒdoing = None
"""
USE = """\
ƒdoing = {done}
pass
ƒstamps.append({done})
ƒstamps.append(ƒclock())
ƒdoing = None
"""
RETURN = "return ƒoutputs"


def stamping(program: Bind, marks: Marks) -> Bind:
    """The program with stamps in place; as it is where its text isn't known, or is of no use."""
    try:
        return _stamped(program, marks)
    except (RecursionError, SyntaxError, ValueError):  # it has changed, or is nested too deeply
        return program


def _stamped(program: Bind, marks: Marks) -> Bind:
    if not isinstance(program, FunctionType):
        return program
    text = _text(program)
    if text is None or _compiled(text, program).__code__ != program.__code__:
        return program
    _Stamping(marks).rewrite(text)
    return _compiled(text, program)


def _text(program: FunctionType) -> ast.FunctionDef | None:
    code = program.__code__
    tree = ast.parse("".join(linecache.getlines(code.co_filename)))
    functions = (each for each in tree.body if isinstance(each, ast.FunctionDef))
    return next((each for each in functions if each.lineno == code.co_firstlineno), None)


def _compiled(text: ast.FunctionDef, program: FunctionType) -> FunctionType:
    tree = ast.Module([text], type_ignores=[])
    namespace = program.__globals__ | {"ƒclock": clock}
    exec(compile(tree, program.__code__.co_filename, "exec"), namespace)  # noqa: S102 - the program's own text
    function: FunctionType = namespace[text.name]
    return function


class _Stamping:
    """Puts stamps into the routines of one program."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._calls: dict[str, tuple[str, dict[str, int]]] = {}

    def rewrite(self, text: ast.FunctionDef) -> None:
        """Bind everything plainly as well, and stamp in the routines that know their flow."""
        text.body = [each for statement in text.body for each in self._in_program(statement)]

    def _in_program(self, statement: ast.stmt) -> Iterator[ast.stmt]:
        yield statement
        match statement:
            case ast.FunctionDef(args=ast.arguments(args=[ast.arg("flow"), *_])):
                statement.body = [*_parsed(BEGIN, statement), *self._block(statement.body)]
            case ast.Assign(
                [target],
                ast.Call(
                    ast.Attribute(ast.Name("nodes" | "constraints"), way),
                    [ast.Constant(str(name)), *_],
                ),
            ) if self._note(target, way, name):
                yield _plainly(statement)

    def _note(self, target: ast.expr, way: str, name: str) -> bool:
        """Remember what a binding binds; false if it stays in wrappers."""
        number = self._marks.number
        match target:
            case ast.Name(function) if way == "function":
                done, failed = (Mark(Kind.NODE, name, failed=failed) for failed in (False, True))
                self._calls[function] = CALL, {"done": number(done), "failed": number(failed)}
            case ast.Tuple([ast.Name(acquire), ast.Name(release)]) if way in USES:
                for function, kind in ((acquire, Kind.ACQUIRED), (release, Kind.RELEASED)):
                    self._calls[function] = USE, {"done": number(use_of(way, kind, name))}
            case _:
                return False
        return True

    def _block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        return [each for statement in statements for each in self._stamped(statement)]

    def _stamped(self, statement: ast.stmt) -> list[ast.stmt]:
        match statement:
            case (
                ast.Expr(ast.Call(ast.Name(function)) as call)
                | ast.Assign(_, ast.Call(ast.Name(function)) as call)
                | ast.Return(ast.Call(ast.Name(function)) as call)
            ) if function in self._calls:
                call.func = ast.copy_location(ast.Name(PLAIN + function, ast.Load()), call.func)
                return _around(statement, call, *self._calls[function])
        for field in ("body", "orelse", "finalbody"):
            if hasattr(statement, field):
                setattr(statement, field, self._block(getattr(statement, field)))
        for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
            part.body = self._block(part.body)
        return [statement]


def _around(
    statement: ast.stmt, call: ast.Call, text: str, marks: dict[str, int]
) -> list[ast.stmt]:
    """A call with its stamps."""
    stamped = _parsed(text.format(**marks), statement)
    if isinstance(statement, ast.Return):
        stamped += _parsed(RETURN, statement)
        outputs = ast.copy_location(ast.Name("ƒoutputs", ast.Store()), statement)
        statement = ast.copy_location(ast.Assign([outputs], call), statement)
    if isinstance(stamped[1], ast.Try):
        stamped[1].body = [statement]
    else:
        stamped[1] = statement
    return stamped


def _plainly(binding: ast.Assign) -> ast.Assign:
    """A binding that asks `nodes.plain` or `constraints.plain`, for the plain names."""
    plain = deepcopy(binding)
    for each in ast.walk(plain.targets[0]):
        if isinstance(each, ast.Name):
            each.id = PLAIN + each.id
    match plain.value:
        case ast.Call(ast.Attribute(bound) as attribute):
            attribute.value = ast.copy_location(ast.Attribute(bound, "plain", ast.Load()), bound)
    return plain


def _parsed(text: str, where: ast.stmt) -> list[ast.stmt]:
    """Statements that stand where another one does."""
    statements = ast.parse(text).body
    for statement in statements:
        for each in ast.walk(statement):
            ast.copy_location(each, where)
    return statements
