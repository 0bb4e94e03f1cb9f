"""Pixels into JPEGs, of the shape and quality that were asked for."""

import os
import tempfile
from dataclasses import dataclass
from hashlib import blake2b
from typing import BinaryIO

from PIL import Image

from ppm import MAX_SIDE, Pixels

DEFAULT_QUALITY = 75
MAX_QUALITY = 95  # above it files grow, pictures don't


class BadShapeError(Exception):
    """A picture is asked for in a size beyond the bounds."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The size and quality that were asked for; a side that wasn't follows the other."""

    width: int | None = None
    height: int | None = None
    quality: int = DEFAULT_QUALITY


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A compressed picture; `tag` differs whenever the bytes do."""

    data: bytes
    tag: str


NOTHING = Jpeg(b"", "")


def compress(pixels: Pixels, shape: Shape, max_pixels: int) -> Jpeg:
    """The JPEG of some pixels, or BadShapeError."""
    size = fit(pixels, shape, max_pixels)
    image = Image.frombytes(pixels.mode, (pixels.width, pixels.height), pixels.samples)
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS)
    data = _encode(image, shape.quality)
    return Jpeg(data, blake2b(data, digest_size=12).hexdigest())


def fit(pixels: Pixels, shape: Shape, max_pixels: int) -> tuple[int, int]:
    """The size that a picture is to have, or BadShapeError.

    Pillow scales across, then down: the picture half-way, of the new width and the old height,
    must keep the bound too.
    """
    match shape.width, shape.height:
        case None, None:
            return pixels.width, pixels.height
        case None, int(height):
            size = max(1, round(pixels.width * height / pixels.height)), height
        case int(width), None:
            size = width, max(1, round(pixels.height * width / pixels.width))
        case int(width), int(height):
            size = width, height
    if max(size) > MAX_SIDE or size[0] * max(size[1], pixels.height) > max_pixels:
        raise BadShapeError(f"{size[0]} x {size[1]} is more than this picture can be scaled to")
    return size


def _encode(image: Image.Image, quality: int) -> bytes:
    # Into a file, though one in memory: Pillow lets other threads run while it encodes to a file,
    # and holds them all while it encodes to a BytesIO.
    with _file_in_memory() as file:
        image.save(file, "JPEG", quality=quality)
        file.seek(0)
        return file.read()


def _file_in_memory() -> BinaryIO:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("jpeg"), "w+b")
    return tempfile.TemporaryFile()
