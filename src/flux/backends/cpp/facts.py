"""What the emit functions ask about a whole program, found once."""

from dataclasses import dataclass

from flux.backends.cpp import overloads
from flux.backends.cpp.names import Names
from flux.backends.cpp.overloads import Overloads
from flux.backends.cpp.values import Signatures, signatures
from flux.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Facts:
    """A plan, what its parts are called in C++, and what its functions take and give."""

    plan: Plan
    names: Names
    signatures: Signatures
    predicates: Overloads
    sessions: Overloads


def facts_of(plan: Plan) -> Facts:
    """The facts of a program."""
    return Facts(
        plan,
        Names(plan),
        signatures(plan),
        overloads.predicates(plan),
        overloads.sessions(plan),
    )
