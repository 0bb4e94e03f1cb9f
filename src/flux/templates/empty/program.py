"""The nodes of program.flux."""

import sys
from collections.abc import Iterator


def read_line() -> Iterator[str]:
    """Read the lines of the standard input; with the last one the source ends."""
    for line in sys.stdin:
        yield line.rstrip("\n")


def count_words(line: str) -> tuple[str, int]:
    """Count the words of a line."""
    return line, len(line.split())


def show(line: str, words: int) -> None:
    """Show a line behind its number of words."""
    sys.stdout.write(f"{words:4}  {line}\n")
