"""The Plan: what all back ends print, and decide nothing about.

A routine is a node under one held set. Its body is a block of steps:

- `Call`: run a function of the implementation, or another routine;
- `Hold`: take constraints in the given order, run a block, give them back in reverse, also
  when it fails;
- `Handle`: run a block; if it fails, run the handler with the failed node's inputs, and end
  the flow;
- `Dispatch`: run the block of the first case whose tests all pass;
- `Session`: ask the session function for the flow's session.

Values are called by the signatures' names; a step's inputs are what the step before it gave.

Every step carries the numbers that path profiling needs; `flux.runtime.ways` has the theory.
Step ids name what the step does (`Handler/[_, _]/Compress`), not where it stands, so an edit
elsewhere leaves them alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flux.graph.locking import Take
from flux.graph.model import Parameter, Signature

MOST_WAYS = 2**256


@dataclass(frozen=True, slots=True)
class Ways:
    """How many ways lead through a part of the program, by how they end.

    `succeeded`: it goes on after the part. `failed`: with an error that nothing inside the
    part handles. `ended`: a handler inside the part ran, and the flow is over.

    Nobody numbers 2^256 paths (`too-many-paths`), so counts stop there: exact ones could double
    their digits at each level of a program.
    """

    succeeded: int = 1
    failed: int = 0
    ended: int = 0

    def __post_init__(self) -> None:
        for kind in ("succeeded", "failed", "ended"):
            object.__setattr__(self, kind, min(getattr(self, kind), MOST_WAYS))

    @property
    def total(self) -> int:
        """All ways."""
        return self.succeeded + self.failed + self.ended

    def then(self, other: "Ways") -> "Ways":
        """The ways through this part and, where it succeeded, another one."""
        return Ways(
            self.succeeded * other.succeeded,
            self.failed + self.succeeded * other.failed,
            self.ended + self.succeeded * other.ended,
        )


@dataclass(frozen=True, slots=True)
class Numbers:
    """Where a step's ways stand among those of its routine.

    With r the routine's register and i the number of a way within the step,

        failed + (r - base) + weight * i    is the number of a failed way,
        ended  + (r - base) + weight * i    of an ended one.
    """

    base: int
    weight: int
    failed: int
    ended: int


@dataclass(frozen=True, slots=True)
class Call:
    """Run a node: `routine` names the routine, or is None for a function.

    `opens` names the source if this is the first concrete node of its turn, which may end it.
    `keeps` says that the register must be put aside during the call.
    """

    id: str
    node: str
    routine: str | None
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    opens: str | None
    keeps: bool
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Hold:
    """Take constraints around a block."""

    takes: tuple[Take, ...]
    body: "Block"


@dataclass(frozen=True, slots=True)
class Handle:
    """Run a block; when `node` fails, its handler, and end the flow.

    `handler` is the handler's node, `routine` its routine, or None for a function.
    `handled` are the ways through the block, `handling` those through the handler.
    """

    id: str
    node: str
    handler: str
    routine: str | None
    inputs: tuple[str, ...]
    body: "Block"
    numbers: Numbers
    handled: Ways
    handling: Ways


@dataclass(frozen=True, slots=True)
class Test:
    """Does a value belong to a semantic type?"""

    type: str
    function: str
    input: str


@dataclass(frozen=True, slots=True)
class Branch:
    """One case: its tests, and the block that runs when all of them pass.

    `base` is added to the register on entry; `failed` is the number of the way on which one
    of the tests fails (None: there are none).
    """

    id: str
    text: str
    tests: tuple[Test, ...]
    base: int
    failed: int | None
    body: "Block"
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The first branch whose tests pass; `no_match` numbers the way on which none does."""

    id: str
    node: str
    branches: tuple[Branch, ...]
    no_match: int | None


@dataclass(frozen=True, slots=True)
class Session:
    """Ask the session function for the flow's session."""

    id: str
    function: str
    inputs: tuple[str, ...]
    numbers: Numbers


Step = Call | Hold | Handle | Dispatch | Session
Block = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Routine:
    """A node under one held set: what it takes, does and gives.

    `role` is `node` (an abstract node), `use` (a node with its constraints and handler, where
    it stands alone: as a target or handler), `turn` (one turn of a source) or `opening` (the
    part of a turn that its handler looks after). `outputs` are the values that it hands on;
    `signature` is the node's, with the types of both. `text` holds the statements that it
    carries out.
    """

    id: str
    node: str
    role: str
    held: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    body: Block
    ways: Ways
    text: tuple[str, ...]
    signature: Signature


@dataclass(frozen=True, slots=True)
class Function:
    """A concrete node: what the implementation has to provide."""

    name: str
    signature: Signature


@dataclass(frozen=True, slots=True)
class PredicateFunction:
    """A function that tests values, and the semantic types that it tests for."""

    name: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionFunction:
    """A function that maps what a source gives to a session id."""

    name: str
    source: str
    inputs: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class SourceLoop:
    """A source: the routine of one turn, the function that opens it, the routine of a flow.

    `opening` is the first concrete node of a turn; None if turns run no concrete node.
    """

    source: str
    target: str
    turn: str
    opening: str | None
    flow: str
    outputs: tuple[str, ...]
    ways: Ways
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole program."""

    name: str
    sources: tuple[SourceLoop, ...]
    routines: tuple[Routine, ...]
    functions: tuple[Function, ...]
    predicates: tuple[PredicateFunction, ...]
    sessions: tuple[SessionFunction, ...]
    constraints: tuple[Take, ...]

    def routine(self, id: str) -> Routine:  # noqa: A002 - `id` is the field's name
        """The routine with an id."""
        return next(routine for routine in self.routines if routine.id == id)


def walk(block: Block) -> Iterator[Step]:
    """Every step of a block and of the blocks within it, outer ones first."""
    for step in block:
        yield step
        match step:
            case Hold(body=body) | Handle(body=body):
                yield from walk(body)
            case Dispatch(branches=branches):
                for branch in branches:
                    yield from walk(branch.body)
            case Call() | Session():
                pass
