"""Colours, where they are wanted."""

from collections.abc import Callable
from enum import Enum


class Style(Enum):
    """The parts of what is shown, each with its way of being so (SGR parameters)."""

    PLAIN = ""
    BOLD = "1"
    QUIET = "2"
    ERROR = "1;31"
    WARNING = "1;33"
    FRAME = "1;34"
    OTHER = "1;36"
    HELP = "1;32"


Paint = Callable[[str, Style], str]


def colored(text: str, style: Style) -> str:
    """The text between the codes that switch its style on and off."""
    return f"\x1b[{style.value}m{text}\x1b[0m" if style.value and text else text


def plain(text: str, _style: Style) -> str:
    """The text alone."""
    return text
