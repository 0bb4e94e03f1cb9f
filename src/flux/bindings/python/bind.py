"""Binds the names of a program to the functions of a Python file, and checks them."""

import ast
from collections.abc import Iterator
from keyword import iskeyword
from pathlib import Path

from flux.bindings.implementation import Implementation, Place
from flux.bindings.needs import Need, hooks, needs
from flux.bindings.python.annotations import check_annotations
from flux.bindings.python.files import read_nodes
from flux.bindings.python.functions import check_function
from flux.bindings.python.lookup import Definition, Lookup
from flux.bindings.python.module import Binding, Imported, Meaning
from flux.bindings.python.names import HOOKS, check_names
from flux.bindings.python.parameters import parameter_names
from flux.diagnostics import Code, Diagnostic, Label
from flux.graph.model import ProgramGraph
from flux.graph.nearest import did_you_mean
from flux.runtime.nodes import spellings

DATA = (ast.Constant, ast.JoinedStr, ast.List, ast.Tuple, ast.Dict, ast.Set)


def check_implementation(graph: ProgramGraph, nodes: Path) -> tuple[Diagnostic, ...]:
    """All that is wrong with a Python file as the implementation of a program."""
    return bind(graph, nodes)[1]


def bind(
    graph: ProgramGraph, nodes: Path
) -> tuple[dict[str, Implementation], tuple[Diagnostic, ...]]:
    """The functions that a program needs, by its own names for them, and all that is wrong."""
    clashes = check_names(graph)
    module = read_nodes(graph, nodes)
    if isinstance(module, Diagnostic):
        return {}, (*clashes, module)
    lookup = Lookup(module)
    wanted = [need for need in needs(graph) if not iskeyword(need.name)]
    found = {need.name: definition_of(lookup, need.name) for need in wanted}
    wrong = [*clashes, *_missing(lookup, wanted, found), *_unfit(lookup, wanted, found)]
    wrong += _unfit_hooks(graph, lookup)
    return {name: _implementation(bearer) for name, bearer in found.items() if bearer}, tuple(wrong)


def definition_of(lookup: Lookup, name: str) -> Definition | None:
    """What bears a name of the program: the first of its spellings that can be called.

    A spelling that the file shows goes before one that `from x import *` may bring.
    """
    order = sorted(spellings(name), key=lambda spelling: spelling not in lookup.nodes.names)
    found = map(lookup.find, order)
    return next((bearer for bearer in found if bearer and _is_callable(bearer.meaning)), None)


def _is_callable(meaning: Meaning) -> bool:
    """Whether it may be a function, or something like it."""
    match meaning:
        case Imported(_, None):
            return False
        case _:
            return not isinstance(meaning, DATA)


def _implementation(bearer: Definition) -> Implementation:
    place = Place(bearer.span.file.name, bearer.span.line)
    return Implementation("python", bearer.symbol, place)


def _unfit(
    lookup: Lookup, wanted: list[Need], found: dict[str, Definition | None]
) -> Iterator[Diagnostic]:
    for need in wanted:
        if bearer := found[need.name]:
            yield from check_function(need, bearer)
            yield from check_annotations(need, bearer, lookup)


def _unfit_hooks(graph: ProgramGraph, lookup: Lookup) -> Iterator[Diagnostic]:
    for hook in hooks(graph):
        if bearer := definition_of(lookup, hook.name):
            yield from check_function(hook, bearer)


def _missing(
    lookup: Lookup, wanted: list[Need], found: dict[str, Definition | None]
) -> Iterator[Diagnostic]:
    """One diagnostic for each function that isn't there, in whatever ways it is needed."""
    absent = {need.name: need for need in reversed(wanted) if not found[need.name]}
    bearing = {bearer.symbol for bearer in found.values() if bearer}
    spare = [
        symbol
        for symbol, binding in lookup.nodes.names.items()
        if symbol not in bearing and symbol not in HOOKS and _is_defined_here(binding)
    ]
    for need in sorted(absent.values(), key=lambda need: need.span.start):
        yield _missing_function(lookup, need, spare)


def _is_defined_here(binding: Binding) -> bool:
    return isinstance(binding.meaning, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def _missing_function(lookup: Lookup, need: Need, spare: list[str]) -> Diagnostic:
    file = lookup.nodes.path.name
    symbol = spellings(need.name)[-1]
    advice = did_you_mean(symbol, spare) or f"write `def {symbol}({_parameters(need)})`"
    here = lookup.nodes.names.get(symbol) or lookup.nodes.names.get(need.name)
    return Diagnostic(
        Code.MISSING_FUNCTION,
        f"`{file}` has no function for the {need.role} `{need.name}`",
        Label(need.span, f"looked for {_listed(spellings(need.name))}"),
        (Label(here.span, "cannot be called"),) if here else (),
        help=advice,
    )


def _parameters(need: Need) -> str:
    return ", ".join(parameter_names(need.inputs))


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(f"`{name}`" for name in names)
