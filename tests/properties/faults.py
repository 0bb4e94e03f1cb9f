"""Compilers and runtimes that make a mistake, and the programs on which it must be found.

Each fault is put in with `monkeypatch`, and taken out after the test.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from properties.programs import numbered_program
from properties.scripts import Casting

from flux.graph.locking import Locking, Take, canonical_order
from flux.graph.model import Constraint, Mode, Scope
from flux.plan import chains
from flux.plan.model import Hold, Step, Ways
from flux.runtime.locks import Pair

PROGRAMS = 100

CROSSED = """
source S => A; S () -> ();
source T => B; T () -> ();
A = A1 -> A2; A1 () -> (); A2 () -> ();
B = B1 -> B2; B1 () -> (); B2 () -> ();
constraint A:{b}; constraint A2:{a};
constraint B:{a}; constraint B2:{b};
"""
"""A flow from S holds `b` when it wants `a`; one from T holds `a` when it wants `b`."""

CROSSED_SESSIONS = """
source S {session: F} => A; S () -> ();
source T {session: F} => B; T () -> ();
A = A1 -> A2; A1 () -> (); A2 () -> ();
B = B1 -> B2; B1 () -> (); B2 () -> ();
constraint A:{b?(session)}; constraint A2:{a(session)};
constraint B:{a(session)}; constraint B2:{b(session)};
"""

HANDLED = """
source S => N; S () -> (); N () -> (); H () -> ();
handle error N -> H; constraint N:{a};
"""


def each_program(check: Callable[[str, Casting], object]) -> None:
    """Try the same random programs each time."""
    for seed in range(PROGRAMS):
        check(numbered_program(seed), Casting(seed, turns=10))


def only_own(locking: Locking, node: str, held: int) -> int:
    """No early acquisition: a node takes what it declares, when it is entered."""
    return locking.own[node].all & ~held


def declared_modes(locking: Locking, node: str, held: int) -> tuple[Take, ...]:
    """No thought of upgrades: a node reads what it doesn't declare to write."""
    written = locking.own[node].written
    return tuple(
        Take(name, Mode.WRITER if written & bit else Mode.READER, scope)
        for bit, (scope, name) in locking.select(locking.taken(node, held))
    )


def reversed_order(constraints: Iterable[Constraint]) -> tuple[tuple[Scope, str], ...]:
    """The canonical order, backwards."""
    return canonical_order(constraints)[::-1]


def handler_inside(*parts: Any) -> tuple[Step, Ways]:
    """The handler runs before its node's constraints are given back."""
    step = parts[-1]
    if not isinstance(step, Hold):
        return _handle(*parts)
    without_hold = (*parts[:-1], step.body[0])
    inner, ways = _handle(*without_hold)
    return replace(step, body=(inner,)), ways


_handle = chains.handle


def never_wait() -> Pair:
    """A lock that everyone passes."""
    return _pass, _pass


def _pass() -> None:
    """Keep nobody out."""
