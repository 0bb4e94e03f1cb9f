"""PPM and PGM pictures, netpbm's P6 and P5, read into samples of eight bits.

    P6              magic: P6 is red, green, blue; P5 is grey
    # a comment     from `#` to the end of the line, wherever white space may stand
    640 480         width and height
    255             maxval: the sample that means full light, 1 to 65535
    <samples>       after one white space: row by row, two bytes each (big end first)
                    when maxval is above 255

A file is not to be trusted: nothing is read on the strength of a header before the header's
claims are found to be within bounds. What follows the samples is not looked at.
"""

import re
from array import array
from dataclasses import dataclass
from sys import byteorder
from typing import BinaryIO, Literal

HEADER_LIMIT = 4096
MAX_SIDE = 65_500  # what a JPEG can hold
MAX_MAXVAL = 65_535

# Possessive (`++`): a hostile header must not make the match go back and try again.
_GAP = rb"(?:[ \t\n\v\f\r]|#[^\r\n]*+[\r\n])++"
_HEADER = re.compile(
    rb"P([56])" + 3 * (_GAP + rb"(\d{1,10}+)") + rb"(?:[ \t\n\v\f\r]|#[^\r\n]*+[\r\n])"
)


class BadPictureError(Exception):
    """A file is no PPM or PGM picture, or is one beyond the bounds."""


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture as its samples, one byte each, row by row."""

    mode: Literal["L", "RGB"]
    width: int
    height: int
    samples: bytes


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture says of itself, and where its samples begin."""

    mode: Literal["L", "RGB"]
    width: int
    height: int
    maxval: int
    length: int

    @property
    def raster_size(self) -> int:
        """How many bytes the samples take in the file."""
        bands = 1 if self.mode == "L" else 3
        depth = 1 if self.maxval < 256 else 2  # noqa: PLR2004 - one byte holds 0 to 255
        return self.width * self.height * bands * depth


def read(file: BinaryIO, max_pixels: int) -> Pixels:
    """The picture in a file, or BadPictureError."""
    header = parse_header(file.read(HEADER_LIMIT))
    if header.width * header.height > max_pixels:
        raise BadPictureError(f"{header.width} x {header.height} is above {max_pixels} pixels")
    file.seek(header.length)
    raster = file.read(header.raster_size)
    if len(raster) < header.raster_size:
        raise BadPictureError(f"{len(raster)} bytes of samples instead of {header.raster_size}")
    return Pixels(header.mode, header.width, header.height, to_eight_bits(raster, header.maxval))


def parse_header(start: bytes) -> Header:
    """The header that a file begins with, or BadPictureError."""
    found = _HEADER.match(start)
    if found is None:
        raise BadPictureError("no P5 or P6 header")
    width, height, maxval = (int(found[number]) for number in (2, 3, 4))
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise BadPictureError(f"no size for a picture: {width} x {height}")
    if not 0 < maxval <= MAX_MAXVAL:
        raise BadPictureError(f"no maxval: {maxval}")
    return Header("L" if found[1] == b"5" else "RGB", width, height, maxval, found.end())


def to_eight_bits(raster: bytes, maxval: int) -> bytes:
    """Samples of 0 to `maxval` as samples of 0 to 255; those above `maxval` are full light."""
    match maxval:
        case 255:
            return raster
        case _ if maxval < 255:  # noqa: PLR2004 - one byte holds 0 to 255
            return raster.translate(_scale(maxval, 256))
        case _:
            return bytes(map(_scale(maxval, 65_536).__getitem__, _big_end_first(raster)))


def _scale(maxval: int, values: int) -> bytes:
    """For each value that a sample can have, its share of `maxval` in eight bits."""
    return bytes(min(255, round(value / maxval * 255)) for value in range(values))


def _big_end_first(raster: bytes) -> "array[int]":
    samples = array("H", raster)
    if byteorder == "little":
        samples.byteswap()
    return samples
