"""The names of paths: a number back to the way through the program that it stands for.

Theory (after Ball and Larus, "Efficient Path Profiling", 1996; paper, section 5.2). Every way
from a source to an end is a path, over a graph in which each use of a node is a vertex of its
own. That graph is never built: a routine is shared by all its uses, so its ways are numbered
by themselves, and numbers are put together where routines are.

A part of the program has ways of three kinds: *succeeded* (it goes on after the part),
*failed* (with an error that nothing inside handles) and *ended* (a handler inside ran). Each
kind is numbered from 0. For A followed by B, with s ways on which A succeeds,

    succeeded:  a + s * b
    failed:     those of A, then f(A) + a + s * b     (b numbers the failures of B)
    ended:      those of A, then e(A) + a + s * b

so B's numbers are weighted by what came before it, and never by what comes after: a routine
adds to the flow's register the same amounts wherever it is used, and the register is 0 when it
is entered. For a choice between cases, each case starts where the one before it stopped. For a
block with a handler that has h ways in all, the block's own ended ways come first, then
e + f + F * i for its f-th failure of F and the handler's i-th way.

The path of a flow counts the succeeded ways of its turn and flow first, then the failed, then
the ended ones. Numbers are whole numbers of any size.

This module reads the Plan as JSON (docs/plan.md), because generated programs carry it so.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

Json = Mapping[str, Any]


class Count(NamedTuple):
    """How many ways of each kind."""

    succeeded: int
    failed: int
    ended: int

    @property
    def total(self) -> int:
        """All ways."""
        return self.succeeded + self.failed + self.ended


FUNCTION = Count(1, 1, 0)

MOST_PATHS = 2**63
"""A source with as many paths has no numbers for them (`too-many-paths`)."""


class Part(NamedTuple):
    """A node on a path, as its name shows it; where a case of it was chosen, that one."""

    text: str
    node: str = ""
    case: str = ""


class Ways:
    """The ways through the routines of one Plan."""

    def __init__(self, plan: Json) -> None:
        self.routines: dict[str, Json] = {routine["id"]: routine for routine in plan["routines"]}
        self.sources: dict[str, Json] = {loop["source"]: loop for loop in plan["sources"]}

    def name(self, source: str, number: int) -> str:
        """The nodes on a path, in order: `Listen -> ReadRequest -> Handler:[_, hit] -> Write`.

        Raises IndexError for a number that no path has.
        """
        return " -> ".join(part.text for part in self.parts(source, number))

    def parts(self, source: str, number: int) -> list[Part]:
        """What the name of a path is made of. Raises as `name` does."""
        loop = self.sources[source]
        total = _count(loop["ways"])
        if not 0 <= number < total.total:
            raise IndexError(f"the paths of {source} are numbered from 0 to {total.total - 1}")
        return self._any(self.whole(source), total, number)

    def whole(self, source: str) -> list[Json]:
        """A source's turn and its flow, as the two steps of one block."""
        loop = self.sources[source]
        turn = _call(source, loop["turn"], FIRST)
        before = self.count(turn)
        behind = {"weight": before.succeeded, "failed": before.failed, "ended": before.ended}
        return [turn, _call(loop["target"], loop["flow"], {"base": 0, **behind})]

    def count(self, step: Json) -> Count:
        """The ways through a call, a session function, or a block with a handler."""
        if step["step"] == "handle":
            handled, handling = _count(step["handled"]), _count(step["handling"])
            return Count(handled.succeeded, 0, handled.ended + handled.failed * handling.total)
        routine = step.get("routine")
        return _count(self.routines[routine]["ways"]) if routine else FUNCTION

    def body(self, routine: str) -> list[Json]:
        """A routine's steps, without the holds around them."""
        return flat(self.routines[routine]["body"])

    def _any(self, block: Sequence[Json], total: Count, number: int) -> list[Part]:
        if number < total.succeeded:
            return self._succeeded(block, number)
        number -= total.succeeded
        if number < total.failed:
            return self._broken("failed", block, number)
        return self._broken("ended", block, number - total.failed)

    def _succeeded(self, block: Sequence[Json], number: int) -> list[Part]:
        """A way on which all steps of a block succeed."""
        parts: list[Part] = []
        for step in block:
            if step["step"] == "dispatch":
                branch = [b for b in step["branches"] if b["base"] <= number][-1]
                inner = self._succeeded(flat(branch["body"]), number - branch["base"])
                return [_case(branch), *inner]
            number, own = divmod(number, self.count(step).succeeded)
            parts += self._succeeded_step(step, own)
        return parts

    def _succeeded_step(self, step: Json, number: int) -> list[Part]:
        match step["step"]:
            case "session":
                return []
            case "handle":
                return self._succeeded(flat(step["body"]), number)
            case _ if step["routine"] is None:
                return [Part(step["node"])]
            case _:
                return self._succeeded(self.body(step["routine"]), number)

    def _broken(self, kind: str, block: Sequence[Json], number: int) -> list[Part]:
        """A way on which a step fails, or ends in a handler, after those that succeeded."""
        if block[0]["step"] == "dispatch":
            return self._broken_dispatch(kind, block[0], number)
        for place, step in enumerate(block):
            if self._covers(kind, step, number):
                offset = number - step["numbers"][kind]
                inner, before = divmod(offset, step["numbers"]["weight"])
                return [*self._succeeded(block[:place], before), *self._in(kind, step, inner)]
        raise IndexError(number)

    def _broken_dispatch(self, kind: str, dispatch: Json, number: int) -> list[Part]:
        if kind == "failed" and dispatch["no_match"] == number:
            return [Part(f"{dispatch['node']}: no match")]
        for branch in dispatch["branches"]:
            if kind == "failed" and branch["failed"] == number:
                return [Part(f"{_case(branch).text} can't be tested")]
            body = flat(branch["body"])
            if any(self._covers(kind, step, number) for step in body):
                return [_case(branch), *self._broken(kind, body, number)]
        raise IndexError(number)

    def _covers(self, kind: str, step: Json, number: int) -> bool:
        """Whether a number of its routine's ways stands for one on which this step breaks."""
        size = step["numbers"]["weight"] * getattr(self.count(step), kind)
        return bool(0 <= number - step["numbers"][kind] < size)

    def _in(self, kind: str, step: Json, number: int) -> list[Part]:
        """A way on which one step fails or ends."""
        match step["step"]:
            case "handle":
                return self._handled(step, number)
            case "session":
                return [Part(f"{step['function']} fails")]
            case _ if step["routine"] is None:
                return [Part(f"{step['node']} fails")]
            case _:
                return self._broken(kind, self.body(step["routine"]), number)

    def _handled(self, step: Json, number: int) -> list[Part]:
        handled, handling = _count(step["handled"]), _count(step["handling"])
        (inner,) = flat(step["body"])
        if number < handled.ended:
            return self._in("ended", inner, number)
        handler, failure = divmod(number - handled.ended, handled.failed)
        target = [_call(step["handler"], step["routine"], FIRST)]
        return [*self._in("failed", inner, failure), *self._any(target, handling, handler)]


FIRST = {"base": 0, "weight": 1, "failed": 0, "ended": 0}


def flat(block: Sequence[Json]) -> list[Json]:
    """A block's steps without the holds around them: holding adds no ways."""
    return [
        inner
        for step in block
        for inner in (flat(step["body"]) if step["step"] == "hold" else [step])
    ]


def _call(node: str, routine: str | None, numbers: Json) -> Json:
    return {"step": "call", "node": node, "routine": routine, "numbers": numbers}


def _count(ways: Json) -> Count:
    return Count(ways["succeeded"], ways["failed"], ways["ended"])


def _case(branch: Json) -> Part:
    text = str(branch["text"]).partition("=")[0].strip()
    node, _, case = text.partition(":")
    return Part(text, node, case)
