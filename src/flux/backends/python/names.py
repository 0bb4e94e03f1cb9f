"""Names of a generated Python program: those of the Flux program, wherever that is possible.

A name that Python or the generated code itself needs gets a `_` behind it. Functions and
routines share the module's name space; the values within a routine may not hide them.
"""

import keyword
import re

from flux.graph.locking import Take
from flux.graph.model import Mode
from flux.plan.model import Call, Handle, Plan, Routine, walk

OURS = frozenset(
    {
        *("Constraints", "Exception", "Flow", "Nodes", "Program", "Source"),
        *("constraints", "error", "flow", "nodes", "path", "program"),
    }
)
SUFFIXES = {"node": "", "use": "_alone", "turn": "_turn", "opening": "_opening"}


class Names:
    """What everything in a program is called in Python."""

    def __init__(self, plan: Plan) -> None:
        self._taken = set(OURS)
        self._globals: dict[tuple[str, str], str] = {}
        self._values: dict[str, str] = {}
        for node in ordinary_functions(plan):
            self._add("node", node, node)
        for predicate in plan.predicates:
            self._add("predicate", predicate.name, predicate.name)
        for session in plan.sessions:
            self._add("session", session.name, session.name)
        for loop in plan.sources:
            if loop.opening is not None:
                taken = loop.opening in self._taken
                name = f"{loop.opening}_of_{loop.source}" if taken else loop.opening
                self._add("opening", loop.source, name)
        for take in plan.constraints:
            self._add("acquire", str(take), f"acquire_{_lock_name(take)}")
            self._add("release", str(take), f"release_{_lock_name(take)}")
        for routine in plan.routines:
            self._add("routine", routine.id, _routine_name(routine))

    def function(self, kind: str, name: str) -> str:
        """The name of a function, a routine (by its id), or of what takes or gives a constraint."""
        return self._globals[kind, name]

    def value(self, name: str) -> str:
        """The name of a value that flows through a routine."""
        if name not in self._values:
            free = name
            while free in self._taken or keyword.iskeyword(free):
                free += "_"
            self._values[name] = free
            self._taken.add(free)
        return self._values[name]

    def _add(self, kind: str, key: str, wish: str) -> None:
        if (kind, key) in self._globals:
            return
        while wish in self._taken or keyword.iskeyword(wish):
            wish += "_"
        self._taken.add(wish)
        self._globals[kind, key] = wish


def ordinary_functions(plan: Plan) -> list[str]:
    """The concrete nodes that run anywhere but at the opening of a turn."""
    found: set[str] = set()
    for routine in plan.routines:
        for step in walk(routine.body):
            match step:
                case Call(routine=None, opens=None):
                    found.add(step.node)
                case Handle(routine=None):
                    found.add(step.handler)
                case _:
                    pass
    return sorted(found)


def _lock_name(take: Take) -> str:
    """`cache`, or `cache_reader`: what stands behind `acquire_` and `release_`."""
    return f"{take.constraint}_reader" if take.mode is Mode.READER else take.constraint


def _routine_name(routine: Routine) -> str:
    """`Handler`, `Handler_holding_cache`, `Log_alone`, `Listen_turn`, `Accept_at_Listen`."""
    name = routine.id.rpartition(" ")[2].replace("@", "_at_").replace("{", "_holding_")
    return f"{re.sub(r'[^A-Za-z0-9_]', '_', name.replace('}', ''))}{SUFFIXES[routine.role]}"
