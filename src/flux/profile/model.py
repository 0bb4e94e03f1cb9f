"""A profile as data: what servers give as JSON, which docs/profile.md describes."""

from typing import Annotated, Literal

import msgspec

from flux.profile.histogram import Histogram, Natural

FORMAT = "flux-profile"
VERSION = 1

# A year beyond 2200 is damage.
Moment = Annotated[float, msgspec.Meta(ge=0, lt=9e9)]


class Served(msgspec.Struct, frozen=True):
    """What carried the flows; None where it has no such thing.

    `wakeup` is how many ns a thread that slept on an idle processor begins late; `workers` is how
    many processes this is of, each of which has as many threads and the like.
    """

    target: str
    runtime: str
    processors: Natural
    pid: int
    threads: int | None = None
    queue: int | None = None
    cores: int | None = None
    max_flows: int | None = None
    wakeup: Natural | None = None
    workers: Natural | None = None


class Path(msgspec.Struct, frozen=True):
    """A way from a source to an end; `path` is None for those without a number."""

    source: str
    path: int | None
    name: str
    outcome: Literal["finished", "handled", "failed"]
    count: Natural
    wall: Histogram
    waiting: Histogram
    queued: Histogram
    cpu: Histogram
    spent: tuple[tuple[str, Natural], ...] = ()


class Node(msgspec.Struct, frozen=True):
    """A function of the implementation.

    `released` is how many samples of Python's lock found it computing without.
    """

    node: str
    kind: Literal["node", "opening", "predicate", "session"]
    calls: Natural
    failures: Natural
    wall: Histogram
    cpu: Histogram
    released: Natural = 0


class Gil(msgspec.Struct, frozen=True):
    """What samples of Python's lock have found: it was `held`, or calls computed without it."""

    samples: Natural
    held: Natural
    released: Natural


class Constraint(msgspec.Struct, frozen=True):
    """A constraint in one mode."""

    constraint: str
    mode: Literal["reader", "writer"]
    scope: Literal["program", "session"]
    acquired: Natural
    contended: Natural
    waiting: Histogram
    holding: Histogram


class Case(msgspec.Struct, frozen=True):
    """How often a case was chosen."""

    node: str
    case: str
    count: Natural


class Source(msgspec.Struct, frozen=True):
    """The beginnings of a source's flows; one that `spreads` is on each loop, where they stay."""

    source: str
    target: str
    started: Natural
    dropped: Natural
    gaps: Histogram
    spreads: bool = False


class Profile(msgspec.Struct, frozen=True):
    """Where a server has spent its time."""

    format: str
    version: int
    program: str
    fingerprint: str | None
    flux: str
    server: Served
    on: bool
    began: Moment | None
    elapsed: Natural
    cpu: Natural
    cpu_every: Natural
    paths: tuple[Path, ...]
    nodes: tuple[Node, ...]
    constraints: tuple[Constraint, ...]
    cases: tuple[Case, ...]
    sources: tuple[Source, ...]
    timed: Natural | None = None
    """How many of the flows that ended were timed; None: all."""
    gil: Gil | None = None

    @property
    def share(self) -> float:
        """Which part of the flows was timed; each of these counts for as many as it stands for."""
        flows = sum(path.count for path in self.paths)
        return min(self.timed / flows, 1.0) if self.timed and flows else 1.0
