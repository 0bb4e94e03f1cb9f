import json

import msgspec
import pytest
from measured.image import image_profile

from flux.profile.errors import ProfileError
from flux.profile.reading import MOST_BYTES, read_profile

PROFILE = msgspec.json.encode(image_profile())


def changed(**fields):
    return json.dumps(json.loads(PROFILE) | fields).encode()


def test_what_was_written_is_read():
    assert read_profile(PROFILE, "a") == image_profile()


def test_fields_that_came_later_are_ignored():
    assert read_profile(changed(weather="fine"), "a") == image_profile()


def damaged(place, value):
    """The profile with another value at a place: `paths 0 count`."""
    profile = inner = json.loads(PROFILE)
    *outer, last = [int(word) if word.isdigit() else word for word in place.split()]
    for key in outer:
        inner = inner[key]
    inner[last] = value
    return json.dumps(profile).encode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "a.json is no profile: input data was truncated"),
        (b"\xff\x00", "a.json is no profile"),
        (b"rubbish", "a.json is no profile: JSON is malformed"),
        (b"[1]", "a.json is no profile: expected `object`, got `array`"),
        (b"{}", "a.json is no profile: object missing required field `format`"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"format": "pprof", "version": 1}', "its format isn't 'flux-profile'"),
        (changed(version=2), "version 2, and this Flux reads version 1: update Flux"),
        (changed(version=0), "take the profile again"),
        (changed(paths=3), "a.json is damaged at paths: expected `array`, got `int`"),
        (damaged("paths 1 wall count", -1), "].wall.count: expected `int` >= 0"),
        (damaged("nodes 0 wall buckets", [[5_000, 1]]), "].wall.buckets"),
        (damaged("paths 0 count", 10**30), "].count"),
        (changed(began=1e300), "damaged at began"),
        (PROFILE.replace(b"4f2a", b"\x80"), "a.json is damaged: it isn't all UTF-8"),
        (PROFILE[:-100], "is no profile: input data was truncated"),
    ],
)
def test_what_is_no_profile_is_refused_with_the_place(data, message):
    with pytest.raises(ProfileError) as caught:
        read_profile(data, "a.json")
    assert message in str(caught.value)


def test_what_is_too_large_is_no_profile():
    with pytest.raises(ProfileError, match="too large for a profile"):
        read_profile(b" " * (MOST_BYTES + 1), "a")
