"""Colours by how they look: lightness, chroma and hue, and a scale from cool to hot.

Oklab (Björn Ottosson, "A perceptual color space for image processing", 2020) places colours so
that equal distances look equally different. So the steps of a scale with evenly growing values
look even, and colours of one lightness carry the same text.
"""

from collections.abc import Iterator
from math import cos, radians, sin

GOLDEN_ANGLE = 180 * (3 - 5**0.5)

# Below this lightness a text in white is easier to read than one in black.
DARK = 0.66

# As much light as sRGB still writes without a root.
LINEAR = 0.0031308


def lch(lightness: float, chroma: float, hue: float) -> str:
    """A colour as `#rrggbb`: lightness from 0 to 1, hue in degrees."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    return "#" + "".join(f"{round(255 * _encoded(part)):02x}" for part in _linear(lightness, a, b))


def heat(value: float) -> str:
    """The colour of a value from 0, nearly white, to 1, a deep red."""
    return lch(heat_lightness(value), 0.03 + 0.15 * value, 95 - 67 * value)


def heat_lightness(value: float) -> float:
    """How light the colour of a value is."""
    return 0.97 - 0.42 * value


def pastel(number: int) -> str:
    """The colour of the n-th of several things: light, and far from those before it."""
    return lch(0.88, 0.075, (250 + GOLDEN_ANGLE * number) % 360)


def _linear(lightness: float, a: float, b: float) -> Iterator[float]:
    """Red, green and blue as amounts of light."""
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    yield 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    yield -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    yield -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short


def _encoded(light: float) -> float:
    """An amount of light as sRGB writes it."""
    light = min(max(light, 0.0), 1.0)
    return 12.92 * light if light <= LINEAR else 1.055 * light ** (1 / 2.4) - 0.055
