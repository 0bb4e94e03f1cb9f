"""All forms in which a profile can be written, by the names that `flux profile --format` has."""

from collections.abc import Callable, Mapping

import msgspec

from flux.profile.collapsed import as_collapsed
from flux.profile.model import Profile
from flux.profile.pprof import as_pprof
from flux.profile.ranking import By
from flux.profile.speedscope import as_speedscope


def as_json(profile: Profile, _by: By) -> bytes:
    """The profile itself, which all commands read."""
    return msgspec.json.format(msgspec.json.encode(profile), indent=1) + b"\n"


FORMATS: Mapping[str, Callable[[Profile, By], str | bytes]] = {
    "json": as_json,
    "speedscope": as_speedscope,
    "pprof": as_pprof,
    "collapsed": as_collapsed,
}
"""Those for programs; text is for people, and needs a width and colours."""
