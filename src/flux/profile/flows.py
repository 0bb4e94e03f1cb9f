"""The flows that live, as data: what a server answers to `/flows` (docs/profile.md)."""

from typing import Annotated, Literal

import msgspec

from flux.profile.histogram import Natural

State = Literal["queued", "runs", "waits"]


class LiveFlow(msgspec.Struct, frozen=True):
    """One flow, in the moment in which it was looked at."""

    source: str
    target: str
    node: str | None
    state: State
    holds: tuple[str, ...]
    awaits: str | None
    age: Natural


class LiveFlows(msgspec.Struct, frozen=True):
    """The oldest flows, and how many there are beyond those.

    Where the server times only one flow in `every`, the others aren't among them.
    """

    flows: tuple[LiveFlow, ...]
    more: Natural
    on: bool
    every: Annotated[int, msgspec.Meta(ge=1)] = 1
