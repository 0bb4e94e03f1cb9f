"""The code blocks of a page, and what a test reads from their first lines.

    ```console            commands after `$ `, typed into the first terminal, and their output
    ```console server     the same in another terminal, where a command may go on after its block
    ```python server.py   a file; if it is there already, what its definitions change in it
    ```flux server.flux   a file, the whole of it
    ```diff server.flux   changes of a file, with empty lines between places
    ```flux               the same, if its first line is a comment with the file's name,
                          else a quotation: some file must hold these lines
    ```sh                 anything else is shown and not tested

In an output `...` stands for whatever may differ. A line `^C` in a console is Ctrl-C.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```(?P<info>\w[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"(?://|#) (?P<name>\w+\.\w+)\n")
_STEP = re.compile(r"^(?:\$ (?P<command>.*)|(?P<interrupt>\^C))\n", re.MULTILINE)
INTERRUPT = "\x03"


@dataclass(frozen=True, slots=True)
class Block:
    """A code block: its language, the word behind it, and the line of the page it begins in."""

    language: str
    name: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Step:
    """What is typed into a terminal, and the output that the page shows below it.

    Nothing is typed where a block goes on with the output of the last command.
    """

    typed: str | None
    output: str


def blocks(page: Path) -> Iterator[Block]:
    """The code blocks of a page."""
    text = page.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        language, _, name = found["info"].partition(" ")
        named = _NAMED.match(found["text"])
        line = text.count("\n", 0, found.start()) + 1
        yield Block(language, named["name"] if named else name, found["text"], line)


def steps(console: str) -> Iterator[Step]:
    """What happens in a console block, step by step."""
    typed, start = None, 0
    for found in _STEP.finditer(console):
        if found.start():
            yield Step(typed, console[start : found.start()])
        typed = INTERRUPT if found["interrupt"] else found["command"] + "\n"
        start = found.end()
    yield Step(typed, console[start:])


def pattern(output: str) -> re.Pattern[str]:
    """What matches an output, with whatever stands for its `...`."""
    parts = (re.escape(part) for part in output.strip("\n").split("..."))
    return re.compile(r"\n*" + ".*".join(parts) + r"\n*", re.DOTALL)
