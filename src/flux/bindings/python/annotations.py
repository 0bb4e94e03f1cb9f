"""The annotations of a function, where it has any, against the signature of what it bears."""

import ast
from collections.abc import Iterator
from itertools import chain, repeat

from flux.bindings.needs import Need
from flux.bindings.python.comparison import Comparison, items_of, name_of
from flux.bindings.python.functions import is_generator, wrong
from flux.bindings.python.lookup import Definition, Lookup
from flux.bindings.python.types import meanings
from flux.diagnostics import Diagnostic, Label
from flux.graph.model import Parameter, listed
from flux.graph.types import Type

STREAMS = ("Iterator", "Iterable", "Generator")


def check_annotations(need: Need, definition: Definition, lookup: Lookup) -> Iterator[Diagnostic]:
    """Every annotation that contradicts the program."""
    match definition.meaning:
        case ast.FunctionDef(decorator_list=[]) as function:
            comparison = Comparison(lookup, definition.module, _type_variables(function))
            yield from _check_parameters(need, definition, function, comparison)
            yield from _check_result(need, definition, function, comparison)


def _type_variables(function: ast.FunctionDef) -> frozenset[str]:
    """The `T` of `def first[T](...)`, which Python has from 3.12 on."""
    return frozenset(variable.name for variable in getattr(function, "type_params", ()))


def _check_parameters(
    need: Need, definition: Definition, function: ast.FunctionDef, comparison: Comparison
) -> Iterator[Diagnostic]:
    for given, parameter in zip(need.inputs, _by_position(function.args), strict=False):
        annotation = parameter.annotation
        if annotation and not comparison.agrees(given.type, annotation):
            yield wrong(
                need,
                Label(definition.module.span_of(annotation), f"not `{given.type}`"),
                f"`{definition.symbol}` cannot take `{given}` as `{ast.unparse(annotation)}`",
                f"write `{parameter.arg}: {in_python(given.type)}`",
            )


def _by_position(arguments: ast.arguments) -> Iterator[ast.arg]:
    """The parameter that takes the first value, the second, and so on."""
    rest = repeat(arguments.vararg) if arguments.vararg else ()
    return chain(arguments.posonlyargs, arguments.args, rest)


def _check_result(
    need: Need, definition: Definition, function: ast.FunctionDef, comparison: Comparison
) -> Iterator[Diagnostic]:
    annotation = _each_result(function)
    if need.outputs is None or annotation is None:
        return
    if not _agrees(need.outputs, annotation, comparison):
        result = _result_in_python(need.outputs)
        yield wrong(
            need,
            Label(definition.module.span_of(annotation), f"not `{result}`"),
            f"`{definition.symbol}` cannot give {listed(need.outputs)}"
            f" as `{ast.unparse(annotation)}`",
            f"write `-> {f'Iterator[{result}]' if is_generator(function) else result}`",
        )


def _each_result(function: ast.FunctionDef) -> ast.expr | None:
    """The annotation of what a function returns, or yields again and again."""
    annotation = function.returns
    if annotation is None or not is_generator(function):
        return annotation
    items = items_of(annotation) if name_of(annotation) in STREAMS else []
    return items[0] if items else None


def _agrees(outputs: tuple[Parameter, ...], annotation: ast.expr, comparison: Comparison) -> bool:
    match outputs:
        case ():
            return comparison.allows_none(annotation)
        case (output,):
            return comparison.agrees(output.type, annotation)
        case _:
            return comparison.allows_tuple(tuple(output.type for output in outputs), annotation)


def _result_in_python(outputs: tuple[Parameter, ...]) -> str:
    types = [in_python(output.type) for output in outputs]
    return types[0] if len(types) == 1 else f"tuple[{', '.join(types)}]" if types else "None"


def in_python(type_: Type) -> str:
    """The Python type that most likely is meant by a type of the program."""
    possible = meanings(type_)
    return ast.unparse(possible[0]) if possible else "Any"
