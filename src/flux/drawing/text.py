"""How wide a text is, in a sans serif font that isn't known yet.

The widths are those of DejaVu Sans, the widest of the fonts that systems usually show, in
hundredths of the font's size, rounded up; so in other fonts a text has a little more room.
"""

import unicodedata

BOLD = 1.12

_WIDTHS = {
    30: "'IJijl",
    35: " ,./:;\\|",
    40: "()-[]ft·",
    45: "!r",
    50: '"*_`',
    55: "?csz",
    60: "FLkvxy",
    65: "$0123456789EPSTYabdeghnopqu{}µ",
    70: "ABCKRVXZ",
    75: "NU",
    80: "&DGHOQ",
    85: "#+<=>^w~",
    90: "M",
    95: "%",
}
_WIDTH = {character: width for width, characters in _WIDTHS.items() for character in characters}
_WIDEST = 100


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a line of text in a font of a size."""
    return sum(map(_width, text)) * size / 100 * (BOLD if bold else 1)


def shortened(text: str, longest: int) -> str:
    """A text of at most so many characters."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return _WIDTH.get(character, _WIDEST)
