"""What the live flows of a server on fibers are at: what SIGUSR1 asks for.

Flows keep no record of that, so nothing is paid for it while nobody asks. It is read off the stacks
of their threads: the generated function that a flow is in has a node on the line that it runs, and
is inside of the `try` whose `finally` releases what it holds. When a flow began, and for what its
fiber waits, the engine knows.
"""

import ast
import linecache
import sys
from collections.abc import Callable, Iterator, Mapping
from ctypes import POINTER, PyDLL, Structure, c_char_p, c_double, c_int64, c_size_t, c_uint64
from functools import lru_cache
from types import FrameType
from typing import NamedTuple

from flux.runtime.endings import Endings
from flux.runtime.program import Source

CARRY = Endings.carry.__code__
MOST_LISTED = 1000
ACQUIRE = "acquire_"


class FlowAt(NamedTuple):
    """Where a flow is: its source and target, its node, and what it holds and asks for."""

    route: str
    node: str | None = None
    held: tuple[str, ...] = ()
    asked: str | None = None

    def __str__(self) -> str:
        return f"{self.node} of {self.route}" if self.node else self.route


class Fiber(Structure):
    """As the engine has it (engine/src/fibers/listing.cpp)."""

    _fields_ = (
        ("thread", c_uint64),
        ("age", c_double),
        ("awaits", c_char_p),
        ("descriptor", c_int64),
    )


def tell_flows(write: Callable[[str], object] | None = None) -> None:
    """Write a line for each live flow to stderr; to be called on a fiber."""
    (write or sys.stderr.write)("".join(f"flux: {line}\n" for line in listed(fibers())))


def fibers() -> list[Fiber]:
    """All fibers of this process, the youngest first; a plain thread hears of none."""
    ask = getattr(PyDLL(None), "flux_list_fibers", None)
    if ask is None:
        return []
    ask.argtypes, ask.restype = (POINTER(Fiber), c_size_t), c_size_t
    room = ask(None, 0)
    found = (Fiber * room)()
    return list(found[: ask(found, room)])


def listed(found: list[Fiber]) -> Iterator[str]:
    """How many flows there are, and where each is."""
    frames = sys._current_frames()  # noqa: SLF001 - as its documentation says
    flows = [(fiber, at) for fiber in found if (at := flow_at(frames.get(fiber.thread)))]
    yield f"the loop carries {len(flows)} {'flow' if len(flows) == 1 else 'flows'}"
    for fiber, at in flows[:MOST_LISTED]:
        yield f"{_told(at)}, {fiber.age:.3f} s old{_waiting(fiber, at)}"
    if len(flows) > MOST_LISTED:
        yield f"... and {len(flows) - MOST_LISTED} more"


def flow_at(frame: FrameType | None) -> FlowAt | None:
    """What the thread of a frame carries; None if that is no flow."""
    chain = list(_outwards(frame))
    carry = next((each for each in chain if each.f_code is CARRY), None)
    source = carry.f_locals.get("source") if carry else None
    if not isinstance(source, Source):
        return None
    flow = getattr(source.flow, "__wrapped__", source.flow)
    file = flow.__code__.co_filename
    routines = [each for each in chain if each.f_code.co_filename == file]
    steps = [step_at(file, each.f_lineno) for each in routines]
    held = [name for step in reversed(steps) for name in step.held]
    step = steps[0] if steps else NOWHERE
    return FlowAt(_route(_text(file), source.name), step.node, tuple(held), step.asked)


class Step(NamedTuple):
    """What a generated line calls, inside of what it holds, and the constraint it asks for."""

    node: str | None
    held: tuple[str, ...]
    asked: str | None


NOWHERE = Step(None, (), None)


def step_at(file: str, line: int) -> Step:
    """The step of a generated program on a line."""
    return _steps(_text(file)).get(line, NOWHERE)


def _text(file: str) -> str:
    return "".join(linecache.getlines(file))


@lru_cache
def _route(text: str, source: str) -> str:
    """`Listen => Image`, as the first line of a generated program has it."""
    routes = (ast.get_docstring(ast.parse(text)) or "").removesuffix(".").split("; ")
    return next((each for each in routes if each.startswith(f"{source} => ")), source)


@lru_cache(maxsize=8)
def _steps(text: str) -> Mapping[int, Step]:
    tree = ast.parse(text)
    return dict(_walk(tree.body, (), _constraints(tree)))


def _constraints(tree: ast.AST) -> dict[str, str]:
    """The constraints by what acquires and releases them, with a `?` for a reader's."""
    return {
        function.id: name
        for each in ast.walk(tree)
        if isinstance(each, ast.Assign) and (name := _constraint(each.value))
        for function in ast.walk(each.targets[0])
        if isinstance(function, ast.Name)
    }


def _constraint(value: ast.expr) -> str | None:
    match value:
        case ast.Call(
            func=ast.Attribute(value=ast.Name("constraints"), attr=kind),
            args=[ast.Constant(str(name))],
        ):
            return f"{name}?" if "reader" in kind else name
    return None


def _walk(
    block: list[ast.stmt], held: tuple[str, ...], names: Mapping[str, str]
) -> Iterator[tuple[int, Step]]:
    """The steps of a block, and of the blocks in it."""
    for statement in block:
        inner = held
        if isinstance(statement, ast.Try) and (released := _released(statement, names)):
            inner = (*held, *released)
        for blocks in ("body", "handlers", "orelse"):
            yield from _walk(_statements(getattr(statement, blocks, [])), inner, names)
        if not isinstance(statement, ast.Try | ast.FunctionDef):
            yield from _of(statement, held, names)


def _statements(block: list[ast.stmt] | list[ast.ExceptHandler]) -> list[ast.stmt]:
    return [
        inner
        for each in block
        for inner in (each.body if isinstance(each, ast.ExceptHandler) else [each])
    ]


def _released(statement: ast.Try, names: Mapping[str, str]) -> list[str]:
    """What the `finally` releases, in the order in which it was acquired."""
    calls = [called for each in statement.finalbody for called in _called(each)]
    return [names[each] for each in reversed(calls) if each in names]


def _of(
    statement: ast.stmt, held: tuple[str, ...], names: Mapping[str, str]
) -> Iterator[tuple[int, Step]]:
    for called in _called(statement):
        asked = names[called] if called in names and called.startswith(ACQUIRE) else None
        step = Step(None if called in names else called, held, asked)
        for line in range(statement.lineno, (statement.end_lineno or statement.lineno) + 1):
            yield line, step


def _called(statement: ast.stmt) -> list[str]:
    calls = (each for each in ast.walk(statement) if isinstance(each, ast.Call))
    return [each.func.id for each in calls if isinstance(each.func, ast.Name)]


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _told(at: FlowAt) -> str:
    node = f", in {at.node}" if at.node else ""
    return f"{at.route}{node}"


def _waiting(fiber: Fiber, at: FlowAt) -> str:
    held = f", holds {', '.join(at.held)}" if at.held else ""
    if at.asked:
        return f"{held}, awaits {at.asked}"
    if fiber.awaits is None:
        return f"{held}, runs or is ready"
    of = f" of descriptor {fiber.descriptor}" if fiber.descriptor >= 0 else ""
    return f"{held}, awaits {fiber.awaits.decode()}{of}"
