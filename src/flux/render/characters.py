"""What a terminal may be shown, and how wide it shows it."""

import unicodedata

# The places at which a tab ends.
TAB = 4

# A message is cut after so many characters: names in hostile files have no bound.
LONGEST = 1000

CONTROL_PICTURES = 0x2400


def visible(character: str) -> str:
    """The character itself, or a picture of one that a terminal would obey or hide."""
    if character.isprintable():
        return character
    if character < " ":
        return chr(CONTROL_PICTURES + ord(character))
    return "�"


def clean(text: str) -> str:
    """A text of one line and of sane length, safe to print."""
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}…"
    return text if text.isprintable() else "".join(map(visible, text))


def width(character: str) -> int:
    """The columns that a visible character takes: none if it combines, two if it is wide."""
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
