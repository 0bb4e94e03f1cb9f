"""A function of the user's against the one that is needed: what is surely different?"""

from collections.abc import Iterator
from dataclasses import dataclass

from flux.bindings.cpp.functions import Function
from flux.bindings.cpp.scan import scan
from flux.bindings.cpp.signatures import parameters_of, prototype, return_type, signature_of
from flux.bindings.cpp.types import surely_differ
from flux.bindings.needs import Need
from flux.diagnostics import Label
from flux.graph.types import Type
from flux.source import SourceFile

_HOOKS = """
    int flux_init(int argc, char** argv);
    void flux_finish(void);
    void flux_interrupt(void);
    void flux_shutdown(void);
"""


@dataclass(frozen=True, slots=True)
class Expected:
    """A function as it has to be; `text` is how to write it."""

    name: str
    returns: Type | None
    parameters: tuple[Type | None, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What is wrong with a function, and where."""

    message: str
    label: Label


def expected(need: Need) -> Expected:
    """The function that a need asks for."""
    parameters = parameters_of(signature_of(need), need.role)
    types = tuple(type_ for type_, _ in parameters)
    return Expected(need.name, return_type(need.role), types, str(prototype(need)))


def hooks() -> Iterator[Expected]:
    """The functions that run before and after all others, which a program may have."""
    for hook in scan(SourceFile("flux.h", _HOOKS), is_cpp=False).functions:
        types = tuple(parameter.type for parameter in hook.parameters or ())
        yield Expected(hook.name, hook.returns, types, hook.text)


def difference(wanted: Expected, function: Function) -> Difference | None:
    """The first thing that is surely wrong with a function."""
    return next(_differences(wanted, function), None)


def _differences(wanted: Expected, function: Function) -> Iterator[Difference]:
    name = function.name
    if wanted.returns and function.returns and surely_differ(wanted.returns, function.returns):
        yield Difference(
            f"`{name}` has to return `{wanted.returns}`",
            Label(function.span, f"returns `{function.returns}`"),
        )
    if function.parameters is None:
        return
    if len(wanted.parameters) != len(function.parameters):
        yield Difference(
            f"`{name}` has to take {_values(len(wanted.parameters))}",
            Label(function.span, f"takes {_values(len(function.parameters))}"),
        )
        return
    for type_, parameter in zip(wanted.parameters, function.parameters, strict=True):
        if type_ and parameter.type and surely_differ(type_, parameter.type):
            yield Difference(
                f"`{name}` has to take `{type_}` here", Label(parameter.span, f"not `{type_}`")
            )


def _values(count: int) -> str:
    return f"{count} value" if count == 1 else f"{count or 'no'} values"
