"""A profile for https://www.speedscope.app: one of its profiles for each measure.

The format: https://www.speedscope.app/file-format-schema.json
"""

import json
from typing import Any

from flux.profile.model import Profile
from flux.profile.ranking import MEASURES, By
from flux.profile.stacks import Stack, stacks
from flux.render.characters import clean
from flux.version import __version__

SCHEMA = "https://www.speedscope.app/file-format-schema.json"


def as_speedscope(profile: Profile, by: By) -> str:
    """The JSON, which is opened at the measure `by`."""
    found = list(stacks(profile))
    frames = {name: n for n, name in enumerate(dict.fromkeys(f for s in found for f in s.frames))}
    return json.dumps(
        {
            "$schema": SCHEMA,
            "name": clean(profile.program),
            "exporter": f"flux {__version__}",
            "activeProfileIndex": MEASURES.index(by),
            "shared": {"frames": [{"name": clean(name)} for name in frames]},
            "profiles": [_sampled(found, frames, measure) for measure in MEASURES],
        }
    )


def _sampled(found: list[Stack], frames: dict[str, int], measure: By) -> dict[str, Any]:
    """What each stack has of one measure, one stack behind the other."""
    present = [(stack, round(stack.value(measure))) for stack in found]
    present = [(stack, weight) for stack, weight in present if weight]
    return {
        "type": "sampled",
        "name": measure,
        "unit": "none" if measure == "count" else "nanoseconds",
        "startValue": 0,
        "endValue": sum(weight for _, weight in present),
        "samples": [[frames[frame] for frame in stack.frames] for stack, _ in present],
        "weights": [weight for _, weight in present],
    }
