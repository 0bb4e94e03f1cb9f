"""A profile as collapsed stacks, which Brendan Gregg's flamegraph.pl draws: one to a line."""

from collections import Counter

from flux.profile.model import Profile
from flux.profile.ranking import By
from flux.profile.stacks import stacks
from flux.render.characters import clean

_MICROSECOND = 1000


def as_collapsed(profile: Profile, by: By) -> str:
    """`Listen;Handler:[_, hit];Write 1200`: microseconds, or calls."""
    weights: Counter[str] = Counter()
    for stack in stacks(profile):
        line = ";".join(clean(frame).replace(";", ",") for frame in stack.frames)
        weights[line] += round(stack.value(by) / (1 if by == "count" else _MICROSECOND))
    return "".join(f"{line} {weight}\n" for line, weight in weights.items() if weight)
