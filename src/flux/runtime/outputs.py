"""Do a node's outputs agree with its signature? Asked at each call, or proved once.

A node with n >= 2 outputs returns a tuple of exactly n, one without outputs returns None; a
node with one output may return anything. A wrapper that checks costs a call. But most nodes end
in `return conn, picture`, and then the bytecode itself is the proof: if the instruction before
every return builds a tuple of n (or loads a constant one, or None), and nothing jumps to a
return, then each way out of the function passes such a pair. Such a function needs no wrapper.

Whatever the proof doesn't understand, it doesn't believe: generators, callables without
bytecode, kinds of return that a newer Python invents.
"""

import dis
from collections.abc import Callable, Iterator
from itertools import pairwise
from types import CodeType, FunctionType, MethodType
from typing import Any

from flux.runtime.errors import BadOutput

Function = Callable[..., Any]

GENERATOR_OR_COROUTINE = 0x20 | 0x80 | 0x200  # inspect.CO_GENERATOR, _COROUTINE, _ASYNC_GENERATOR


def checked(name: str, gives: int, function: Function) -> Function:
    """A node's function, the same where it provably agrees with its number of outputs."""
    if gives == 1 or returns_only(gives, function):
        return function
    return _checked_tuple(name, gives, function) if gives else _checked_none(name, function)


def returns_only(gives: int, function: Function) -> bool:
    """Whether the bytecode proves that the function gives that many outputs."""
    code = bytecode(function)
    if code is None or code.co_flags & GENERATOR_OR_COROUTINE:
        return False
    return all(_agrees(before, last, gives) for before, last in _ways_out(code))


def bytecode(function: Function) -> CodeType | None:
    """The code of a plain Python function or method; None of anything else."""
    plain = function.__func__ if isinstance(function, MethodType) else function
    return plain.__code__ if isinstance(plain, FunctionType) else None


def _ways_out(code: CodeType) -> Iterator[tuple[dis.Instruction, dis.Instruction]]:
    """Each return with the instruction before it."""
    for before, last in pairwise(dis.get_instructions(code)):
        if "RETURN" in last.opname:
            yield before, last


def _agrees(before: dis.Instruction, last: dis.Instruction, gives: int) -> bool:
    if last.opname == "RETURN_CONST":  # 3.12 and 3.13
        return _is_output(last.argval, gives)
    if last.opname != "RETURN_VALUE" or last.is_jump_target:
        return False
    if before.opname == "BUILD_TUPLE":
        return gives > 1 and before.arg == gives
    return before.opname == "LOAD_CONST" and _is_output(before.argval, gives)


def _is_output(value: object, gives: int) -> bool:
    return _is_tuple(value, gives) if gives else value is None


def _is_tuple(value: object, gives: int) -> bool:
    return isinstance(value, tuple) and len(value) == gives


def _checked_tuple(name: str, gives: int, function: Function) -> Function:
    def node(*inputs: Any) -> Any:  # noqa: ANN401 - a node's, of any type
        outputs = function(*inputs)
        if _is_tuple(outputs, gives):
            return outputs
        raise BadOutput(f"`{name}` must return a tuple of {gives}, not {_described(outputs)}")

    return node


def _checked_none(name: str, function: Function) -> Function:
    def node(*inputs: Any) -> None:  # noqa: ANN401 - a node's, of any type
        output = function(*inputs)
        if output is not None:
            raise BadOutput(f"`{name}` must return None, not {_described(output)}")

    return node


def _described(value: object) -> str:
    if isinstance(value, tuple):
        return f"a tuple of {len(value)}"
    return f"a value of type {type(value).__name__}" if value is not None else "None"
