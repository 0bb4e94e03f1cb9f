"""What the profiler reads in a program's plan, where it is at hand (docs/plan.md)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flux.runtime.profiler.marks import Kind

Json = Mapping[str, Any]


class Inputs:
    """How many inputs each function gets, as the parameters of its wrapper."""

    def __init__(self, plan: Json | None) -> None:
        self._counts = dict(_counts(plan)) if plan else {}

    def of(self, kind: Kind, name: str) -> str:
        """`a0, a1`, say; `*inputs` where the plan isn't known."""
        count = self._counts.get((kind, name))
        return "*inputs" if count is None else ", ".join(f"a{place}" for place in range(count))


def opened_freely(plan: Json | None) -> set[str]:
    """The openings around which no constraint is held: what they begin may begin anew."""
    if plan is None:
        return set()
    routines = {routine["id"]: routine for routine in plan["routines"]}
    calls = [
        call for loop in plan["sources"] for call in _openings(routines, loop["turn"], held=False)
    ]
    held = {name for name, is_held in calls if is_held}
    return {name for name, _ in calls} - held


def _counts(plan: Json) -> Iterator[tuple[tuple[Kind, str], int]]:
    for function in plan["functions"]:
        yield (Kind.NODE, function["name"]), len(function["signature"]["inputs"])
    for predicate in plan["predicates"]:
        yield (Kind.PREDICATE, predicate["name"]), 1
    for session in plan["sessions"]:
        yield (Kind.SESSION, session["name"]), len(session["inputs"])


def _openings(routines: Json, routine: str, *, held: bool) -> Iterator[tuple[str, bool]]:
    """The functions that open the turn of a routine, and whether something is held around them."""
    held = held or bool(routines[routine]["held"])
    yield from _openings_in(routines, routines[routine]["body"], held=held)


def _openings_in(
    routines: Json, block: Sequence[Json], *, held: bool
) -> Iterator[tuple[str, bool]]:
    for step in block:
        if step["step"] in {"hold", "handle"}:
            inside = held or step["step"] == "hold"
            yield from _openings_in(routines, step["body"], held=inside)
        elif step["step"] == "call" and step["opens"] is not None:
            if step["routine"] is None:
                yield step["node"], held
            else:
                yield from _openings(routines, step["routine"], held=held)
