"""A profile as data: what servers give as JSON, which docs/profile.md describes."""

from typing import Literal

import msgspec

from flux.profile.histogram import Histogram

FORMAT = "flux-profile"
VERSION = 1


class Served(msgspec.Struct, frozen=True):
    """What carried the flows; None where it has no such thing."""

    target: str
    runtime: str
    processors: int
    pid: int
    threads: int | None = None
    queue: int | None = None
    cores: int | None = None
    max_flows: int | None = None


class Path(msgspec.Struct, frozen=True):
    """A way from a source to an end; `path` is None for those without a number."""

    source: str
    path: int | None
    name: str
    outcome: Literal["finished", "handled", "failed"]
    count: int
    wall: Histogram
    waiting: Histogram
    queued: Histogram
    cpu: Histogram


class Node(msgspec.Struct, frozen=True):
    """A function of the implementation."""

    node: str
    kind: Literal["node", "opening", "predicate", "session"]
    calls: int
    failures: int
    wall: Histogram
    cpu: Histogram


class Constraint(msgspec.Struct, frozen=True):
    """A constraint in one mode."""

    constraint: str
    mode: Literal["reader", "writer"]
    scope: Literal["program", "session"]
    acquired: int
    contended: int
    waiting: Histogram
    holding: Histogram


class Case(msgspec.Struct, frozen=True):
    """How often a case was chosen."""

    node: str
    case: str
    count: int


class Source(msgspec.Struct, frozen=True):
    """The beginnings of a source's flows."""

    source: str
    target: str
    started: int
    dropped: int
    gaps: Histogram


class Profile(msgspec.Struct, frozen=True):
    """Where a server has spent its time."""

    format: str
    version: int
    program: str
    fingerprint: str | None
    flux: str
    server: Served
    on: bool
    began: float | None
    elapsed: int
    cpu: int
    cpu_every: int
    paths: tuple[Path, ...]
    nodes: tuple[Node, ...]
    constraints: tuple[Constraint, ...]
    cases: tuple[Case, ...]
    sources: tuple[Source, ...]
