"""A video, as large as is wanted: frames of noise, each a picture of its own (WebM with VP8)."""

import io
import random
import struct

from PIL import Image

SIZE = (320, 240)
DIFFERENT = 5  # frames; the others are the same again


def video(frames, rate):
    """The bytes of a video of so many frames, so many a second, each of which can be begun at."""
    chance = random.Random(1)
    pictures = [_frame(chance) for _ in range(min(frames, DIFFERENT))]
    clusters = [
        _element(
            "1F43B675", _number("E7", _milliseconds(at, rate)) + _block(pictures[at % DIFFERENT])
        )
        for at in range(frames)
    ]
    head = _element("1549A966", _number("2AD7B1", 1_000_000) + _real("4489", frames * 1000 / rate))
    head += _element("1654AE6B", _element("AE", _track()))
    start = len(head) + len(_cues([0] * frames, rate))
    places = [start + sum(map(len, clusters[:at])) for at in range(frames)]
    segment = head + _cues(places, rate) + b"".join(clusters)
    return _element("1A45DFA3", _element("4282", b"webm")) + _element("18538067", segment)


def _milliseconds(at, rate):
    return at * 1000 // rate


def _frame(chance):
    """A picture in VP8, which is what WebP has inside."""
    file = io.BytesIO()
    Image.frombytes("RGB", SIZE, chance.randbytes(SIZE[0] * SIZE[1] * 3)).save(
        file, "WEBP", quality=60
    )
    data = file.getvalue()
    at = data.index(b"VP8 ")
    (size,) = struct.unpack("<I", data[at + 4 : at + 8])
    return data[at + 8 : at + 8 + size]


def _element(name, content):
    return bytes.fromhex(name) + (1 << 56 | len(content)).to_bytes(8) + content


def _number(name, value):
    return _element(name, value.to_bytes(8))


def _real(name, value):
    return _element(name, struct.pack(">d", value))


def _track():
    size = _number("B0", SIZE[0]) + _number("BA", SIZE[1])
    numbers = _number("D7", 1) + _number("73C5", 1) + _number("83", 1)
    return numbers + _element("86", b"V_VP8") + _element("E0", size)


def _block(frame):
    return _element("A3", b"\x81\0\0\x80" + frame)


def _cues(places, rate):
    points = b"".join(
        _element(
            "BB",
            _number("B3", _milliseconds(at, rate))
            + _element("B7", _number("F7", 1) + _number("F1", place)),
        )
        for at, place in enumerate(places)
    )
    return _element("1C53BB6B", points)
