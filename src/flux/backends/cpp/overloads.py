"""Functions that a program needs for several types: predicates and session functions.

`typedef big IsBig;` may test values of two types; C++ has an overload for each, and where one of
them is meant, its type says which.
"""

from collections.abc import Iterable, Iterator

from flux.backends.cpp.names import Names
from flux.graph.model import Parameter
from flux.plan.model import Dispatch, Plan, Routine, walk

Overloads = dict[str, tuple[tuple[Parameter, ...], ...]]
"""The parameters, one tuple for each overload, by the function's name."""


def predicates(plan: Plan) -> Overloads:
    """What each predicate is asked about."""
    return _overloads(asked for routine in plan.routines for asked in _tested(routine))


def sessions(plan: Plan) -> Overloads:
    """What each session function is asked about."""
    return _overloads((session.name, session.inputs) for session in plan.sessions)


def _overloads(asked: Iterable[tuple[str, tuple[Parameter, ...]]]) -> Overloads:
    """One overload for the same types, whatever the values are called."""
    found: dict[str, dict[tuple[str, ...], tuple[Parameter, ...]]] = {}
    for function_, parameters in asked:
        types = tuple(str(parameter.type) for parameter in parameters)
        found.setdefault(function_, {}).setdefault(types, parameters)
    return {
        name: tuple(parameters for _, parameters in sorted(overloads.items()))
        for name, overloads in sorted(found.items())
    }


def function(
    names: Names, name: str, result: str, types: tuple[str, ...], overloads: Overloads
) -> str:
    """A function as a template's argument, with its type where the name alone is ambiguous."""
    found = names.function(name)
    if len(overloads[name]) == 1:
        return found
    return f"static_cast<{result} (&)({', '.join(types)})>({found})"


def _tested(routine: Routine) -> Iterator[tuple[str, tuple[Parameter, ...]]]:
    inputs = dict(zip(routine.inputs, routine.signature.inputs, strict=True))
    for step in walk(routine.body):
        for branch in step.branches if isinstance(step, Dispatch) else ():
            for test in branch.tests:
                yield test.function, (inputs[test.input],)
