"""JSON -> Profile. What isn't one is refused with the place in it and what helps."""

from typing import TypeVar

import msgspec

from flux.profile.errors import ProfileError
from flux.profile.flows import LiveFlows
from flux.profile.model import FORMAT, VERSION, Profile

T = TypeVar("T")

# More is no profile: a server keeps 4,096 paths, and the largest histogram has 50 KB.
MOST_BYTES = 1 << 26


_AGAIN = "; take it again, with `flux run --profile` or `flux profile ADDRESS --format json`"


class _Header(msgspec.Struct):
    format: str
    version: int


def read_profile(data: bytes, name: str) -> Profile:
    """The profile of some JSON; `name` says in messages where that came from.

    Raises:
        ProfileError: It is none, or one that this version can't read.
    """
    if len(data) > MOST_BYTES:
        raise ProfileError(f"{name} is too large for a profile: the most is {MOST_BYTES:,} bytes")
    _check_header(data, name)
    return _decoded(data, Profile, f"{name} is damaged", _AGAIN)


def read_flows(data: bytes, name: str) -> LiveFlows:
    """The flows of what a server answers to `/flows`.

    Raises:
        ProfileError: It is something else.
    """
    return _decoded(data, LiveFlows, f"{name} gives no flows")


def _check_header(data: bytes, name: str) -> None:
    header = _decoded(data, _Header, f"{name} is no profile", _AGAIN)
    if header.format != FORMAT:
        raise ProfileError(
            f"{name} is no profile: its format isn't {FORMAT!r}; `flux run --profile` and"
            " `flux profile ADDRESS --format json` write profiles"
        )
    if header.version != VERSION:
        raise ProfileError(
            f"{name} is a profile of version {header.version}, and this Flux reads version"
            f" {VERSION}: {_remedy(header.version)}"
        )


def _remedy(version: int) -> str:
    if version > VERSION:
        return "update Flux, as with `pip install -U flux-servers`"
    return "take the profile again with this Flux"


def _decoded(data: bytes, kind: type[T], trouble: str, remedy: str = "") -> T:
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at ")
        where = f" at {place.strip('`').removeprefix('$.')}" if place else ""
        raise ProfileError(f"{trouble}{where}: {_lowered(message)}{remedy}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        if "utf-8" in str(error).lower():  # each version of msgspec has its own words for it
            raise ProfileError(f"{trouble}: it isn't all UTF-8{remedy}") from None
        raise ProfileError(f"{trouble}: {_lowered(str(error))}{remedy}") from None
    except RecursionError:
        raise ProfileError(f"{trouble}: it is nested too deeply{remedy}") from None


def _lowered(message: str) -> str:
    """It as the end of a sentence; `JSON` stays as it is."""
    return message if message[1:2].isupper() else message[:1].lower() + message[1:]
