"""Names of a program that no function of C or C++ can have."""

from collections.abc import Iterator
from itertools import combinations, groupby

from flux.bindings.cpp.functions import Function
from flux.bindings.cpp.keywords import KEYWORDS
from flux.bindings.cpp.signatures import parameters_of, prototype, return_type, signature_of
from flux.bindings.cpp.system import macros, system_function, types_and_variables
from flux.bindings.cpp.types import same
from flux.bindings.needs import Need, needs
from flux.diagnostics import Code, Diagnostic, Label
from flux.graph.model import ProgramGraph
from flux.graph.types import Type

_OWN = {
    "main": "the program's own",
    "std": "the standard library's name space",
    "flux": "the name space of Flux",
}


def check_names(graph: ProgramGraph) -> tuple[Diagnostic, ...]:
    """Every name that C++ or the system reserves, and every two functions that would be one."""
    wanted = needs(graph)
    return (*_reserved(wanted), *(_clash(*pair) for pair in _clashing(wanted)))


def unusable_names(graph: ProgramGraph) -> frozenset[str]:
    """The names that are somebody else's, or that two functions would share."""
    wanted = needs(graph)
    reserved = {need.name for need in wanted if _why_reserved(need)}
    return frozenset(reserved | {one.name for one, _ in _clashing(wanted)})


def declared_by_system(graph: ProgramGraph) -> frozenset[str]:
    """The functions of a program that the system's headers declare just so."""
    return frozenset(
        need.name
        for need in needs(graph)
        if (function := system_function(need.name)) and _is_the_same(need, function)
    )


def _reserved(wanted: tuple[Need, ...]) -> Iterator[Diagnostic]:
    seen: set[str] = set()
    for need in wanted:
        why = _why_reserved(need)
        if why and need.name not in seen:
            seen.add(need.name)
            yield Diagnostic(
                Code.RESERVED_NAME,
                f"no function can be called `{need.name}` in C++",
                Label(need.span, why),
                help=f"call the {need.role} something else",
            )


def _why_reserved(need: Need) -> str:
    """Whose name it is already; nothing if it is free."""
    if need.name in KEYWORDS:
        return "a keyword of C++"
    if need.name in macros():
        return "a macro of the system"
    if need.name in types_and_variables():
        return "a type or a variable of the system"
    if need.name.startswith(("flux_", "FLUX_")):
        return "a name of Flux"
    function = system_function(need.name)
    if function and not _is_the_same(need, function):
        return f"the system has `{function.text}`"
    return _OWN.get(need.name, "")


def _is_the_same(need: Need, function: Function) -> bool:
    """Whether the system's function is just what is needed."""
    returned = function.returns
    if function.parameters is None or returned is None:
        return False
    theirs = [parameter.type for parameter in function.parameters]
    return same(return_type(need.role), returned) and _are_the_same(_types(need), theirs)


def _types(need: Need) -> list[Type]:
    return [type_ for type_, _ in parameters_of(signature_of(need), need.role)]


def _are_the_same(mine: list[Type], theirs: list[Type | None] | list[Type]) -> bool:
    return len(mine) == len(theirs) and all(
        other is not None and same(one, other) for one, other in zip(mine, theirs, strict=True)
    )


def _clashing(wanted: tuple[Need, ...]) -> Iterator[tuple[Need, Need]]:
    """Functions of one name are told apart by what they take, and not by what they return."""
    by_name = sorted(wanted, key=lambda need: need.name)
    for _, group in groupby(by_name, key=lambda need: need.name):
        for one, other in combinations(group, 2):
            if one.role is not other.role and _are_the_same(_types(one), _types(other)):
                yield one, other


def _clash(one: Need, other: Need) -> Diagnostic:
    return Diagnostic(
        Code.NAME_CLASH,
        f"`{one.name}` would be two functions that take the same",
        Label(other.span, f"`{prototype(other)}`"),
        (Label(one.span, f"`{prototype(one)}`"),),
        help="rename one of them",
    )
