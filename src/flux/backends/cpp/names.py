"""Names of a generated C++ program: those of the Flux program, wherever that is possible.

Functions have the names that the user's files give them. All else stands in a namespace of the
program's own, which hides what the headers declare, and gets a `_` behind it where it would hide
a function of the program or be a word of C++.
"""

import re
from collections.abc import Iterator

from flux.bindings.cpp.keywords import KEYWORDS
from flux.bindings.cpp.system import macros
from flux.plan.model import Plan, Routine

OURS = frozenset({"flux", "flow", "hold", "kept", "paths", "program", "std", "way"})
SUFFIXES = {"node": "", "use": "_alone", "turn": "_turn", "opening": "_opening"}


class Names:
    """What everything in a program is called in C++."""

    def __init__(self, plan: Plan) -> None:
        self.taken = {*OURS, *KEYWORDS, *macros(), *_functions(plan)}
        self._globals: dict[tuple[str, str], str] = {}
        for take in plan.constraints:
            self._add("constraint", take.constraint, take.constraint)
        for routine in plan.routines:
            self._add("routine", routine.id, _routine_name(routine))
        self.taken |= _words_of_types(plan)

    def constraint(self, name: str) -> str:
        """The variable of a constraint."""
        return self._globals["constraint", name]

    def routine(self, id_: str) -> str:
        """The function of a routine."""
        return self._globals["routine", id_]

    def function(self, name: str) -> str:
        """A function of the implementation; what the program itself is made of may hide it."""
        return f"::{name}" if name in OURS else name

    def _add(self, kind: str, key: str, wish: str) -> None:
        if (kind, key) not in self._globals:
            name = free(wish, self.taken)
            self.taken.add(name)
            self._globals[kind, key] = name


def free(wish: str, taken: set[str]) -> str:
    """A name that nothing has yet."""
    while wish in taken:
        wish += "_"
    return wish


def namespace(stem: str) -> str:
    """The namespace of a program: `image_flux` for `image.flux`."""
    return f"{re.sub(r'^(?=[0-9])|[^A-Za-z0-9_]', '_', stem)}_flux"


def _functions(plan: Plan) -> Iterator[str]:
    yield from (function.name for function in plan.functions)
    yield from (predicate.name for predicate in plan.predicates)
    yield from (session.name for session in plan.sessions)


def _words_of_types(plan: Plan) -> set[str]:
    """The words in the types of values: a value called like one would hide it."""
    text = " ".join(
        str(parameter.type)
        for routine in plan.routines
        for parameter in (*routine.signature.inputs, *routine.signature.outputs)
    )
    text += " ".join(
        str(parameter.type)
        for function in plan.functions
        for parameter in (*function.signature.inputs, *function.signature.outputs)
    )
    return set(re.findall(r"[A-Za-z_]\w*", text))


def _routine_name(routine: Routine) -> str:
    """`Handler`, `Handler_holding_cache`, `Log_alone`, `Listen_turn`, `Accept_at_Listen`."""
    name = routine.id.rpartition(" ")[2].replace("@", "_at_").replace("{", "_holding_")
    return f"{re.sub(r'[^A-Za-z0-9_]', '_', name.replace('}', ''))}{SUFFIXES[routine.role]}"
