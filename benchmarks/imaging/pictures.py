"""What is asked for: pictures, and the JPEGs that libjpeg-turbo makes of them.

The example's two pictures have a megapixel each. A third is cut out of one of them, so small that
its JPEG has 16 KB.
"""

import json
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from measuring.builds import BUILD, ROOT, program
from measuring.processes import SERVER_CORE, on_core

EXAMPLE = ROOT / "examples" / "image"
PICTURES = BUILD / "pictures"
JPEGS = BUILD / "jpegs"
TARGETS = BUILD / "targets"

MEGAPIXELS = ("landscape", "card")
SMALL = "small"
QUALITY = 75

_SMALL_SIZE = (488, 344)


@dataclass(frozen=True, slots=True)
class Alone:
    """What libjpeg-turbo did without a server."""

    pictures: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        """Pictures a second."""
        return self.pictures / self.seconds

    @property
    def cpu_each(self) -> float:
        """Microseconds of CPU for one picture."""
        return self.cpu / self.pictures * 1e6


def prepare() -> None:
    """Paint the pictures, and compress each of them."""
    subprocess.run(
        [sys.executable, EXAMPLE / "samples.py", PICTURES], check=True, stdout=subprocess.DEVNULL
    )
    cut(PICTURES / "landscape.ppm", PICTURES / f"{SMALL}.ppm", *_SMALL_SIZE)
    JPEGS.mkdir(exist_ok=True)
    for name in (*MEGAPIXELS, SMALL):
        compress_alone(name, seconds=0, pixels="memory")


def compress_alone(name: str, seconds: float, pixels: Literal["memory", "file"]) -> Alone:
    """Let libjpeg-turbo compress a picture for so long, on the processor of the servers."""
    encode, picture, jpeg = program("jpeg", "jpeg"), PICTURES / f"{name}.ppm", JPEGS / f"{name}.jpg"
    command = on_core(SERVER_CORE, [encode, picture, str(seconds), "1", str(QUALITY), jpeg, pixels])
    return Alone(**json.loads(subprocess.check_output(command)))


def size(names: tuple[str, ...]) -> float:
    """The mean size of these JPEGs, in KB."""
    return sum(_jpeg(name).stat().st_size for name in names) / len(names) / 1000


def targets(*names: str) -> Path:
    """The file that tells the load generator to ask for these, and what must come."""
    return _write_targets("-".join(names), [(name, _jpeg(name)) for name in names])


def targets_of(port: int, owner: str, *names: str) -> Path:
    """The same, for a server whose JPEGs are its own: what it gives now must come again."""
    own = JPEGS / owner
    own.mkdir(exist_ok=True)
    for name in names:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{name}.jpg") as reply:
            (own / f"{name}.jpg").write_bytes(reply.read())
    return _write_targets(
        "-".join((owner, *names)), [(name, own / f"{name}.jpg") for name in names]
    )


def _jpeg(name: str) -> Path:
    return JPEGS / f"{name}.jpg"


def _write_targets(title: str, bodies: list[tuple[str, Path]]) -> Path:
    TARGETS.mkdir(exist_ok=True)
    path = TARGETS / title
    path.write_text("".join(f"/{name}.jpg {body}\n" for name, body in bodies))
    return path


def cut(picture: Path, into: Path, width: int, height: int) -> None:
    """Keep the lower left corner of a P6."""
    magic, sides, depth, pixels = picture.read_bytes().split(b"\n", 3)
    old_width, old_height = map(int, sides.split())
    rows = range((old_height - height) * 3 * old_width, len(pixels), 3 * old_width)
    head = b"%s\n%d %d\n%s\n" % (magic, width, height, depth)
    into.write_bytes(head + b"".join(pixels[row : row + 3 * width] for row in rows))
