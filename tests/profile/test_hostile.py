"""Profiles of servers that lie: each is refused in a sentence, or shown without harm."""

import json
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured.image import WAYS, image_profile

from flux.profile.comparison import compared
from flux.profile.comparison_text import Side
from flux.profile.comparison_text import as_text as as_compared
from flux.profile.difference import AnotherError, since
from flux.profile.errors import ProfileError
from flux.profile.formats import FORMATS
from flux.profile.ranking import MEASURES
from flux.profile.reading import read_profile
from flux.profile.text import as_text
from flux.render.paint import plain

USUAL = image_profile(WAYS[:2])
PROFILE = msgspec.json.encode(USUAL)
NUMBERS = st.integers(-1, 2**64) | st.sampled_from([0, 1, 63, 2**63 - 1]) | st.floats()
EMPTY = st.builds(list) | st.builds(dict)  # a new one each time: later changes may go into it
VALUES = NUMBERS | st.text(max_size=5) | st.none() | st.booleans() | EMPTY


def places(value, place=()):
    """The places of all values in some JSON."""
    yield place
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        if isinstance(inner, dict | list):
            yield from places(inner, (*place, key))
        else:
            yield (*place, key)


PLACES = [place for place in places(json.loads(PROFILE)) if place]


@st.composite
def changed(draw):
    """A profile with other values at some of its places."""
    profile = json.loads(PROFILE)
    for *outer, last in draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=4)):
        inner = profile
        try:
            for key in outer:
                inner = inner[key]
            inner[last] = draw(VALUES)
        except (KeyError, IndexError, TypeError):
            pass  # what was there is gone already
    return json.dumps(profile).encode()


def read(data):
    """The profile, or nothing if it is refused."""
    try:
        return read_profile(data, "a")
    except ProfileError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either way is right
        return None


@settings(max_examples=300, deadline=None)
@given(changed(), st.sampled_from(MEASURES), st.integers(1, 200))
def test_a_profile_is_refused_or_shown(data, by, width):
    if profile := read(data):
        assert all(
            each.isprintable() for each in as_text(profile, by, 10, width, plain).split("\n")
        )


@settings(max_examples=200, deadline=None)
@given(changed(), st.sampled_from(MEASURES), st.sampled_from(list(FORMATS)))
def test_a_profile_is_refused_or_written(data, by, form):
    if profile := read(data):
        assert FORMATS[form](profile, by) is not None


@settings(max_examples=200, deadline=None)
@given(changed(), st.sampled_from(MEASURES))
def test_a_profile_is_refused_or_compared(data, by):
    if profile := read(data):
        sides = Side("a", USUAL), Side("b", profile)
        assert as_compared(compared(USUAL, profile, by), sides, 10, 80, plain)
        assert as_compared(compared(profile, USUAL, by), sides, 10, 80, plain)


@settings(max_examples=200, deadline=None)
@given(changed())
def test_a_profile_is_refused_or_subtracted(data):
    if profile := read(data):
        for later, earlier in [(profile, USUAL), (USUAL, profile)]:
            with suppress(AnotherError):
                as_text(since(later, earlier), "time", 10, 80, plain)


@given(st.binary(max_size=50))
def test_bytes_are_no_profile(data):
    with pytest.raises(ProfileError):
        read_profile(data, "a")


@given(st.integers(0, len(PROFILE) - 1), st.integers(0, 255))
def test_a_wrong_byte_is_refused_or_harmless(place, byte):
    read(PROFILE[:place] + bytes([byte]) + PROFILE[place + 1 :])
