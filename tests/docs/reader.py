"""A reader who does all that a page says: makes its files, types its commands, compares."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from docs.editing import amended, patched
from docs.pages import INTERRUPT, Block, Step, blocks, pattern, steps
from docs.terminal import Terminal

PORT = "8080"


class MismatchError(AssertionError):
    """A page says one thing, and another is so."""


class Reader:
    """Follows pages in a folder, with a terminal for each name that they use.

    Another port than the page's is used, for many tests may run on one machine.
    """

    def __init__(self, folder: Path, port: int) -> None:
        self._home = folder
        self._port = str(port)
        self._terminals: dict[str, Terminal] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._open.close()

    def follow(self, page: Path) -> None:
        """Do what a page says, block by block; MismatchError where it isn't true."""
        for block in blocks(page):
            try:
                self._do(block)
            except MismatchError as mismatch:
                raise MismatchError(f"{page.name}:{block.line}: {mismatch}") from None

    def _do(self, block: Block) -> None:
        match block:
            case Block(language="console"):
                for step in steps(block.text):
                    self._step(block.name, step)
            case Block(language="python" | "flux", name=""):
                self._find(block.text)
            case Block(language="c" | "cpp", name=""):
                pass  # a part of something
            case Block(language="python" | "flux" | "diff" | "c" | "cpp"):
                self._write(block.language, self._folder() / block.name, block.text)

    def _write(self, language: str, path: Path, text: str) -> None:
        text = text.replace(PORT, self._port)
        if language == "diff":
            text = patched(path.read_text(encoding="utf-8"), text)
        elif language == "python" and path.exists():
            text = amended(path.read_text(encoding="utf-8"), text)
        path.write_text(text, encoding="utf-8")

    def _find(self, text: str) -> None:
        files = (path for path in self._folder().rglob("*.*") if path.is_file())
        if not any(text in path.read_text(encoding="utf-8", errors="replace") for path in files):
            raise MismatchError(f"no file holds\n{text}")

    def _step(self, name: str, step: Step) -> None:
        terminal = self._terminal(name)
        if step.typed is not None:
            terminal.type(step.typed.replace(PORT, self._port))
        expected = pattern(step.output.replace(PORT, self._port))
        is_over = terminal.read_until(_done(terminal, step, expected, goes_on=bool(name)))
        if not (is_over and expected.fullmatch(terminal.shown)):
            shown = terminal.shown.replace(self._port, PORT)
            raise MismatchError(f"{step.typed or ''}gives\n{shown}\nand not\n{step.output}")
        terminal.output = ""

    def _terminal(self, name: str) -> Terminal:
        if name not in self._terminals:
            opened = self._open.enter_context(Terminal(self._folder() if name else self._home))
            self._terminals[name] = opened
        return self._terminals[name]

    def _folder(self) -> Path:
        return self._terminal("").folder()


def _done(
    terminal: Terminal, step: Step, expected: re.Pattern[str], *, goes_on: bool
) -> Callable[[], bool]:
    """When a step is over: the command may go on, must end, or must end as it is said to."""

    def matches() -> bool:
        return expected.fullmatch(terminal.shown) is not None

    if step.typed == INTERRUPT:
        return lambda: terminal.has_ended() and matches()
    return matches if goes_on else terminal.has_ended
