"""PPM and PGM: every picture as Pillow reads it, every damaged one refused."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import ppm

white_space = st.sampled_from([" ", "\t", "\n", "\r", "\v", "\f"])
comment = st.text("abc #59\t", max_size=8).map(lambda text: f"#{text}\n")
gap = st.tuples(white_space, st.lists(white_space | comment, max_size=3)).map(
    lambda parts: parts[0] + "".join(parts[1])
)


maxvals_of_two_bytes = st.integers(1, 65_535)


@st.composite
def pictures(draw, kinds=("P5", "P6"), maxvals=maxvals_of_two_bytes):
    """The bytes of a sound picture."""
    kind = draw(st.sampled_from(kinds))
    width, height = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    maxval = draw(maxvals)
    depth = 1 if maxval < 256 else 2
    count = width * height * (1 if kind == "P5" else 3)
    samples = draw(st.lists(st.integers(0, maxval), min_size=count, max_size=count))
    gaps = [draw(gap) for _ in range(3)]
    header = f"{kind}{gaps[0]}{width}{gaps[1]}{height}{gaps[2]}{maxval}{draw(white_space)}"
    return header.encode() + b"".join(sample.to_bytes(depth, "big") for sample in samples)


@pytest.fixture(scope="module")
def read(modules):
    """Reads a picture from bytes."""

    def read(data, max_pixels=1000):
        return modules.read(BytesIO(data), max_pixels)

    return read


@given(pictures(kinds=["P6"]))
def test_colour_pictures_are_read_as_pillow_reads_them(read, data):
    pixels, expected = read(data), Image.open(BytesIO(data))
    assert (pixels.mode, pixels.width, pixels.height) == ("RGB", *expected.size)
    assert pixels.samples == expected.tobytes()


@given(pictures(kinds=["P5"], maxvals=st.integers(1, 255)))
def test_grey_pictures_are_read_as_pillow_reads_them(read, data):
    pixels, expected = read(data), Image.open(BytesIO(data))
    assert (pixels.mode, pixels.width, pixels.height) == ("L", *expected.size)
    assert pixels.samples == expected.tobytes()


@given(pictures(kinds=["P5"], maxvals=st.just(65_535)))
def test_grey_pictures_of_sixteen_bits_lose_the_lower_ones(read, data):
    expected = [round(value / 257) for value in Image.open(BytesIO(data)).get_flattened_data()]
    assert list(read(data).samples) == expected


@given(pictures(), st.data())
def test_a_truncated_picture_is_refused(read, data, choice):
    end = choice.draw(st.integers(0, len(data) - 1))
    with pytest.raises(ppm.BadPictureError):
        read(data[:end])


@given(st.binary(max_size=64) | st.binary(max_size=64).map(b"P6 1 1 255 ".__add__))
def test_arbitrary_bytes_are_a_picture_or_refused(read, data):
    try:
        pixels = read(data)
    except ppm.BadPictureError:
        return
    assert pixels.samples


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"P6",
        b"P4 1 1\n\xff",
        b"P3 1 1 255\n1 2 3",
        b"P61 1 255\nabc",
        b"P6 0 1 255\n",
        b"P6 1 0 255\n",
        b"P6 -1 1 255\nabc",
        b"P6 1 1 0\nabc",
        b"P6 1 1 65536\nabcdef",
        b"P6 1 1 255abc",
        b"P6 65501 1 255\n" + b"a" * 3 * 65501,
        b"P6 99999999999 1 255\nabc",
        b"P6 \xb2 1 255\nabc",
        b"P6 1 1 # a comment without an end",
        b"P6 " + b"#" * 5000 + b"\n1 1 255\nabc",
        b"P6 " + b"# \n" * 2000 + b"1 1 255\nabc",
    ],
)
def test_what_is_no_picture_is_refused(read, data):
    with pytest.raises(ppm.BadPictureError):
        read(data, max_pixels=100_000)


def test_a_claim_beyond_the_bound_is_refused_before_the_samples_are_read():
    file = BytesIO(b"P6 60000 60000 255\n")
    with pytest.raises(ppm.BadPictureError, match="above 1000 pixels"):
        ppm.read(file, 1000)
    assert file.tell() <= ppm.HEADER_LIMIT


def test_a_claim_beyond_the_bound_is_refused(read):
    with pytest.raises(ppm.BadPictureError, match="60000 x 60000 is above 1000 pixels"):
        read(b"P6 60000 60000 255\n")


def test_samples_above_maxval_are_full_light(read):
    assert read(b"P5 2 1 100\n\x64\xff").samples == b"\xff\xff"


def test_what_follows_the_samples_is_not_looked_at(read):
    assert read(b"P5 1 1 255\nA and more").samples == b"A"


def test_a_sample_may_look_like_white_space_or_a_comment(read):
    assert read(b"P5 2 1 255\n\n#").samples == b"\n#"


def test_a_comment_may_stand_right_before_the_samples(read):
    assert read(b"P5 1 1 255# the end\nA").samples == b"A"
