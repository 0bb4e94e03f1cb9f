"""Functions that a program needs for several types: predicates and session functions.

`typedef big IsBig;` may test values of two types; C++ has an overload for each, and where one of
them is meant, its type says which.
"""

from collections.abc import Iterator

from flux.backends.cpp.names import Names
from flux.plan.model import Dispatch, Plan, Routine, walk

Overloads = dict[str, tuple[tuple[str, ...], ...]]
"""The types of the parameters, one tuple for each overload, by the function's name."""


def predicate_types(plan: Plan) -> Overloads:
    """What each predicate is asked about."""
    found: dict[str, dict[tuple[str, ...], None]] = {}
    for routine in plan.routines:
        for function, type_ in _tested(routine):
            found.setdefault(function, {})[type_,] = None
    return {function: tuple(sorted(types)) for function, types in sorted(found.items())}


def session_types(plan: Plan) -> Overloads:
    """What each session function is asked about."""
    found: dict[str, dict[tuple[str, ...], None]] = {}
    for session in plan.sessions:
        types = tuple(str(parameter.type) for parameter in session.inputs)
        found.setdefault(session.name, {})[types] = None
    return {function: tuple(sorted(types)) for function, types in sorted(found.items())}


def function(
    names: Names, name: str, result: str, types: tuple[str, ...], overloads: Overloads
) -> str:
    """A function as a template's argument, with its type where the name alone is ambiguous."""
    found = names.function(name)
    if len(overloads[name]) == 1:
        return found
    return f"static_cast<{result} (&)({', '.join(types)})>({found})"


def _tested(routine: Routine) -> Iterator[tuple[str, str]]:
    types = {
        name: str(parameter.type)
        for name, parameter in zip(routine.inputs, routine.signature.inputs, strict=True)
    }
    for step in walk(routine.body):
        for branch in step.branches if isinstance(step, Dispatch) else ():
            for test in branch.tests:
                yield test.function, types[test.input]
