"""The functions of C and C++ files against what the program needs of them.

Only what is surely wrong is said: where a macro, a library or a type of the user's may make it
right, the compiler decides.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from flux.bindings.cpp.comparison import Expected, difference, expected, hooks
from flux.bindings.cpp.files import read_nodes
from flux.bindings.cpp.functions import Function, Linkage
from flux.bindings.cpp.nodes import CppNodes
from flux.bindings.cpp.reserved import check_names, unusable_names
from flux.bindings.cpp.signatures import prototype
from flux.bindings.cpp.values import can_be_given, check_values
from flux.bindings.needs import Need, needs
from flux.diagnostics import Code, Diagnostic, Label
from flux.graph.model import ProgramGraph
from flux.graph.nearest import did_you_mean

# No other file can call a function with one of these words before it.
_PRIVATE = ("static", "inline", "constexpr", "consteval")


def check_implementation(graph: ProgramGraph, nodes: Iterable[Path]) -> tuple[Diagnostic, ...]:
    """All that is wrong with C and C++ files as the implementation of a program."""
    return bind(graph, nodes).diagnostics


def bind(graph: ProgramGraph, nodes: Iterable[Path]) -> CppNodes:
    """What bears a program, and all that is wrong with it."""
    found = read_nodes(graph, nodes)
    wrong = [*check_names(graph), *check_values(graph), *found.diagnostics]
    if all(diagnostic.code is not Code.NODES_FILE for diagnostic in found.diagnostics):
        wrong += [*_missing_functions(graph, found), *_unfit(found, _possible(graph))]
    return replace(found, diagnostics=tuple(wrong))


def _possible(graph: ProgramGraph) -> list[Need]:
    """What functions can be asked for: those that can't be written at all were reported."""
    unusable = unusable_names(graph)
    return [need for need in needs(graph) if need.name not in unusable and can_be_given(need)]


def missing(graph: ProgramGraph, found: CppNodes) -> list[Need]:
    """The functions that surely are nowhere, each once, in the order of the text."""
    absent: dict[str, Need] = {}
    for need in _possible(graph):
        if not found.may_have(need.name):
            absent.setdefault(need.name, need)
    return list(absent.values())


def _missing_functions(graph: ProgramGraph, found: CppNodes) -> Iterator[Diagnostic]:
    needed = {need.name for need in needs(graph)}
    spare = [name for name in found.functions if name not in needed and found.defined(name)]
    for need in missing(graph, found):
        yield Diagnostic(
            Code.MISSING_FUNCTION,
            f"`{found.files[0].name}` has no function for the {need.role} `{need.name}`",
            Label(need.span, f"looked for `{need.name}`"),
            tuple(_near_misses(found, need.name)),
            help=did_you_mean(need.name, spare) or f"write `{prototype(need)}`",
        )


def _near_misses(found: CppNodes, name: str) -> Iterator[Label]:
    """Functions of the right name that can't be called."""
    for function in found.functions.get(name, ()):
        if function.scope:
            yield Label(function.span, f"is in {function.scope}")
        elif function.is_template:
            yield Label(function.span, "is a template")
        else:
            yield Label(function.span, "is declared only")


def _unfit(found: CppNodes, wanted: list[Need]) -> Iterator[Diagnostic]:
    """What is wrong with the functions that are there."""
    for need in wanted:
        rivals = [expected(other) for other in wanted if other.name == need.name and other != need]
        place = (Label(need.span, f"the {need.role} that needs it"),)
        yield from _check_function(found, expected(need), rivals, place)
    for hook in hooks():
        yield from _check_function(found, hook, [], ())
    for name in dict.fromkeys([*(need.name for need in wanted), *(hook.name for hook in hooks())]):
        yield from _private(found, name)


def _check_function(
    found: CppNodes, wanted: Expected, rivals: list[Expected], place: tuple[Label, ...]
) -> Iterator[Diagnostic]:
    """What is wrong with the first function of a name, if none of them does.

    It may be right for another use: then C++ has overloads, which C has not.
    """
    functions = found.defined(wanted.name)
    differences = [difference(wanted, function) for function in functions]
    if functions and all(differences) and (wrong := differences[0]):
        is_right = any(difference(rival, functions[0]) is None for rival in rivals)
        yield Diagnostic(
            Code.WRONG_FUNCTION,
            wrong.message,
            wrong.label,
            place,
            notes=(f"it is `{functions[0].text}`",),
            help=_advice(wanted, functions[0], is_right=is_right),
        )


def _advice(wanted: Expected, function: Function, *, is_right: bool) -> str:
    if is_right and function.linkage is Linkage.C:
        return "write both in C++: C has one function of a name"
    return f"{'add' if is_right else 'write'} `{wanted.text}`"


def _private(found: CppNodes, name: str) -> Iterator[Diagnostic]:
    """A function that only its own file can call, if there is no other."""
    files = {str(path) for path in found.files}
    functions = found.defined(name)
    words = [[word for word in _PRIVATE if word in function.words] for function in functions]
    in_files = all(function.span.file.name in files for function in functions)
    if functions and in_files and all(words):
        word = words[0][0]
        yield Diagnostic(
            Code.WRONG_FUNCTION,
            f"`{name}` is `{word}`, so the program cannot call it",
            Label(functions[0].span, "is known in this file only"),
            help=f"leave out `{word}`",
        )
