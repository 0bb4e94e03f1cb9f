"""A function against what the program needs of it: how many values, and no coroutines."""

import ast
from collections.abc import Iterable, Iterator
from math import inf

from flux.bindings.needs import Need
from flux.bindings.python.lookup import Definition
from flux.bindings.python.module import Function
from flux.bindings.python.parameters import parameter_names
from flux.diagnostics import Code, Diagnostic, Label
from flux.graph.model import listed

SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def check_function(need: Need, definition: Definition) -> Iterator[Diagnostic]:
    """What is wrong with a function, if its text tells; decorators may have changed it."""
    match definition.meaning:
        case ast.FunctionDef(decorator_list=[]) | ast.Lambda() as function:
            yield from _check_count(need, definition, function)
            yield from _check_keywords(need, definition, function)
            yield from _check_generator(need, definition, function)
        case ast.AsyncFunctionDef(decorator_list=[]):
            yield wrong(
                need,
                Label(definition.span, "is `async`"),
                f"`{definition.symbol}` is a coroutine",
                "write a plain `def` that blocks: Flux makes it concurrent",
            )


def wrong(need: Need, primary: Label, message: str, remedy: str) -> Diagnostic:
    """A function that doesn't do, and the statement that needs it."""
    return Diagnostic(
        Code.WRONG_FUNCTION, message, primary, (Label(need.span, needed(need)),), help=remedy
    )


def needed(need: Need) -> str:
    """What is needed, in words: `takes (Connection conn), gives ()`."""
    takes = f"takes {listed(need.inputs)}"
    return takes if need.outputs is None else f"{takes}, gives {listed(need.outputs)}"


def _check_count(need: Need, definition: Definition, function: Function) -> Iterator[Diagnostic]:
    """The inputs come by position: neither too few nor too many of them."""
    least, most = counts(function.args)
    if not least <= len(need.inputs) <= most:
        yield wrong(
            need,
            Label(definition.span, f"takes {_range(least, most)}"),
            f"`{definition.symbol}` cannot be called with {_values(len(need.inputs))}",
            f"write `def {definition.symbol}({', '.join(parameter_names(need.inputs))})`",
        )


def counts(arguments: ast.arguments) -> tuple[int, float]:
    """How many values a function takes by position, at least and at most."""
    places = len(arguments.posonlyargs) + len(arguments.args)
    return places - len(arguments.defaults), inf if arguments.vararg else places


def _range(least: int, most: float) -> str:
    if least == most:
        return _values(least)
    return f"{least} to {_values(int(most))}" if most < inf else f"{_values(least)} or more"


def _values(count: int) -> str:
    return f"{count} value" if count == 1 else f"{count or 'no'} values"


def _check_keywords(need: Need, definition: Definition, function: Function) -> Iterator[Diagnostic]:
    """Nobody gives keyword arguments: those of a function need defaults."""
    arguments = function.args
    for keyword, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is None:
            yield wrong(
                need,
                Label(definition.module.span_of(keyword), "is taken by name only"),
                f"`{definition.symbol}` would never be given its argument `{keyword.arg}`",
                "inputs come by position: give this argument a default",
            )


def _check_generator(
    need: Need, definition: Definition, function: Function
) -> Iterator[Diagnostic]:
    """A generator gives the outputs of turn after turn, so only a source can begin with one."""
    if is_generator(function) and not need.may_generate:
        yield wrong(
            need,
            Label(definition.span, "has a `yield`"),
            f"`{definition.symbol}` is a generator",
            "return the outputs: only what begins the turns of a source may `yield` them",
        )


def is_generator(function: Function) -> bool:
    """Whether a `yield` stands in the function itself."""
    body = function.body if isinstance(function.body, list) else [function.body]
    return _yields(body)


def _yields(nodes: Iterable[ast.AST]) -> bool:
    return any(
        isinstance(node, ast.Yield | ast.YieldFrom)
        or (not isinstance(node, SCOPES) and _yields(ast.iter_child_nodes(node)))
        for node in nodes
    )
