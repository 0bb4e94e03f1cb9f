"""Two pictures of a megapixel to serve: `python samples.py [FOLDER]` paints them.

`landscape.ppm` is like a photograph: fractal noise in clouds, ridges and rock, hard to compress.
`card.ppm` is synthetic: flat bars, a ramp and a star of fine rays, with edges that JPEG blurs.
Both are the same bytes on every machine.
"""

import random
import sys
from itertools import pairwise
from math import cos, pi, sin
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

SIZE = (1200, 840)
RIDGES = 5
RAYS = 48
BARS = ("white", "yellow", "cyan", "green", "magenta", "red", "blue", "black")


def main() -> None:
    """Paint the pictures into the folder that is named, else into `pictures` beside this file."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "pictures"
    for path in paint(folder):
        print(path)


def paint(folder: Path) -> tuple[Path, ...]:
    """Paint the pictures, and say where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = (folder / "landscape.ppm", folder / "card.ppm")
    landscape(random.Random(2006)).save(paths[0])  # noqa: S311 - for beauty, not for secrets
    card().save(paths[1])
    return paths


def landscape(chance: random.Random) -> Image.Image:
    """Ridge before ridge under clouds, the farther the bluer."""
    picture = Image.composite(
        ImageOps.colorize(fractal(chance, 3, 0.5), "#3f77b5", "#fff6e6"),
        Image.new("RGB", SIZE, "#f3d9b8"),
        Image.linear_gradient("L").transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize(SIZE),
    )
    for number in range(RIDGES):
        nearness = number / (RIDGES - 1)
        rock = ImageOps.colorize(
            fractal(chance, 5, 0.6 + 0.35 * nearness), _shade(nearness, 0.4), _shade(nearness, 1.7)
        )
        picture.paste(rock, mask=_ridge(chance, top=0.38 + 0.5 * nearness, rise=0.3))
    return picture


def fractal(chance: random.Random, coarsest: int, roughness: float) -> Image.Image:
    """Grey noise: octave upon octave, each twice as fine and `roughness` times as strong."""
    noise = _octave(chance, coarsest)
    for octave in range(1, 9):
        share = roughness**octave / sum(roughness**k for k in range(octave + 1))
        noise = Image.blend(noise, _octave(chance, coarsest << octave), share)
    return ImageOps.autocontrast(noise)


def _octave(chance: random.Random, cells: int) -> Image.Image:
    width, height = min(cells, SIZE[0]), min(cells, SIZE[1])
    noise = Image.frombytes("L", (width, height), chance.randbytes(width * height))
    return noise.resize(SIZE, Image.Resampling.BICUBIC)


def _shade(nearness: float, light: float = 1.0) -> tuple[int, int, int]:
    """The colour of rock, from far blue to near green."""
    far, near = (126, 146, 178), (40, 58, 34)
    red, green, blue = (
        min(255, round(light * (a + nearness * (b - a)))) for a, b in zip(far, near, strict=True)
    )
    return red, green, blue


def _ridge(chance: random.Random, top: float, rise: float) -> Image.Image:
    """A mask of everything under a ridge, which is a line broken at its middles ten times."""
    heights = [chance.uniform(-1, 1) for _ in range(3)]
    for step in range(1, 10):
        broken = [(a + b) / 2 + chance.uniform(-1, 1) * 0.5**step for a, b in pairwise(heights)]
        heights = [y for pair in zip(heights, broken, strict=False) for y in pair] + heights[-1:]
    width, height = SIZE
    line = [
        (width * x / (len(heights) - 1), height * (top - rise / 2 * y))
        for x, y in enumerate(heights)
    ]
    mask = Image.new("L", SIZE)
    ImageDraw.Draw(mask).polygon([(0, height), *line, (width, height)], fill=255)
    return mask


def card() -> Image.Image:
    """A test card: bars above, a star in the middle, a ramp below."""
    width, height = SIZE
    picture = Image.new("RGB", SIZE, "#808080")
    pen = ImageDraw.Draw(picture)
    for number, colour in enumerate(BARS):
        pen.rectangle(
            (width * number // len(BARS), 0, width * (number + 1) // len(BARS), height // 4), colour
        )
    for ray in range(RAYS):
        pen.polygon(_ray(ray), "white" if ray % 2 else "black")
    ramp = Image.linear_gradient("L").rotate(90).resize((width, height // 8))
    picture.paste(ramp, (0, height - height // 8))
    return picture


def _ray(number: int) -> list[tuple[float, float]]:
    x, y, radius = SIZE[0] / 2, SIZE[1] * 9 / 16, SIZE[1] * 0.29
    turns = (2 * pi * number / RAYS, 2 * pi * (number + 1) / RAYS)
    return [(x, y), *((x + radius * cos(turn), y + radius * sin(turn)) for turn in turns)]


if __name__ == "__main__":
    main()
