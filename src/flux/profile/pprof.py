"""A profile for `go tool pprof` and all that reads its format: gzipped protocol buffers.

The numbers of the fields are those of
https://github.com/google/pprof/blob/main/proto/profile.proto
"""

import gzip
from collections.abc import Iterable

from flux.profile.model import Profile
from flux.profile.protobuf import number, numbers, text
from flux.profile.ranking import MEASURES, By
from flux.profile.stacks import Stack, stacks
from flux.render.characters import clean

_SAMPLE_TYPE, _SAMPLE, _MAPPING, _LOCATION, _FUNCTION, _STRING = 1, 2, 3, 4, 5, 6
_TIME, _DURATION, _DEFAULT_TYPE = 9, 10, 14
_NAME, _UNIT = 1, 2
_SECOND = 1_000_000_000


class _Strings:
    """All strings of a profile, each once; number 0 is the empty one."""

    def __init__(self) -> None:
        self.numbers = {"": 0}

    def number(self, value: str) -> int:
        return self.numbers.setdefault(value, len(self.numbers))


def as_pprof(profile: Profile, by: By) -> bytes:
    """The bytes; `by` is the measure that is shown if no other is asked for."""
    strings = _Strings()
    found = list(stacks(profile))
    frames = dict.fromkeys(frame for stack in found for frame in stack.frames)
    places = {frame: place for place, frame in enumerate(frames, 1)}
    parts = [_sample_type(measure, strings) for measure in MEASURES]
    parts += [_sample(stack, places) for stack in found]
    parts.append(_mapping(strings.number(clean(profile.program))))
    parts += [_location(place) for place in places.values()]
    parts += [_function(place, strings.number(clean(name))) for name, place in places.items()]
    parts += [
        number(_TIME, round((profile.began or 0) * _SECOND)),
        number(_DURATION, profile.elapsed),
        number(_DEFAULT_TYPE, strings.number(by)),
    ]
    return gzip.compress(b"".join([*parts, *_table(strings.numbers)]), mtime=0)


def _sample_type(measure: By, strings: _Strings) -> bytes:
    unit = "count" if measure == "count" else "nanoseconds"
    value = number(_NAME, strings.number(measure)) + number(_UNIT, strings.number(unit))
    return text(_SAMPLE_TYPE, value)


def _sample(stack: Stack, places: dict[str, int]) -> bytes:
    """A stack, the leaf first, and its values in the order of the measures."""
    locations = numbers(1, (places[frame] for frame in reversed(stack.frames)))
    values = numbers(2, (round(stack.value(measure)) for measure in MEASURES))
    return text(_SAMPLE, locations + values)


def _mapping(program: int) -> bytes:
    """The program, which pprof shows as the file; its functions need not be looked up."""
    return text(_MAPPING, number(1, 1) + number(5, program) + number(7, 1))


def _location(place: int) -> bytes:
    """A frame has a location of its own, in the function of the same number."""
    return text(_LOCATION, number(1, place) + number(2, 1) + text(4, number(1, place)))


def _function(place: int, name: int) -> bytes:
    return text(_FUNCTION, number(1, place) + number(2, name) + number(3, name))


def _table(strings: Iterable[str]) -> Iterable[bytes]:
    return (text(_STRING, string.encode(errors="replace")) for string in strings)
