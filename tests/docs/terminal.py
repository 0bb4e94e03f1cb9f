"""A terminal with a shell in it, as a reader of the docs has one.

The shell runs on a pseudo-terminal, so that programs behave as they do for people: Ctrl-C
interrupts, folders stay changed, and output comes as it is written.
"""

import codecs
import os
import pty
import select
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

PATIENCE = 300.0  # seconds: a compiler may be at work
PROMPT = "\N{BLACK RIGHT-POINTING TRIANGLE}"
_SHELL = """\
import os
os.login_tty(0)
os.execvp("bash", ["bash", "--norc", "--noediting"])
"""
_SURROUNDINGS = {
    "BASH_SILENCE_DEPRECATION_WARNING": "1",
    "COLUMNS": "80",
    "HISTFILE": "/dev/null",
    "LC_ALL": "C.UTF-8",
    "MAKEFLAGS": "",  # the tests may run under make, the reader's make doesn't
    "MAKELEVEL": "0",
    "NO_COLOR": "1",
    "PS1": PROMPT,
    "PYTHONDONTWRITEBYTECODE": "1",
}


class Terminal:
    """A shell in a folder. `output` is what it has shown that nobody has taken note of."""

    def __init__(self, folder: Path) -> None:
        self.output = ""
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._keyboard, screen = pty.openpty()
        _show_only_output(screen)
        programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        self._shell = subprocess.Popen(
            [sys.executable, "-c", _SHELL],
            stdin=screen,
            cwd=folder,
            env=os.environ | _SURROUNDINGS | {"PATH": programs},
        )
        os.close(screen)
        self.read_until(self.has_ended)

    def type(self, text: str) -> None:
        """Type a line or a control character, and forget what was shown before."""
        self.output = ""
        os.write(self._keyboard, text.encode())

    def read_until(self, done: Callable[[], bool]) -> bool:
        """Wait for more output until `done`; whether it came to that."""
        deadline = time.monotonic() + PATIENCE
        while not done():
            left = max(0.0, deadline - time.monotonic())
            if not select.select([self._keyboard], [], [], left)[0]:
                return False
            self.output += self._decode(os.read(self._keyboard, 65536)).replace("\r", "")
        return True

    def has_ended(self) -> bool:
        """Whether the shell waits for the next command."""
        return self.output.endswith(PROMPT)

    @property
    def shown(self) -> str:
        """The output without prompts, also of the command before."""
        return self.output.replace(PROMPT, "")

    def folder(self) -> Path:
        """Where the shell is."""
        self.type("pwd\n")
        self.read_until(self.has_ended)
        return Path(self.shown.strip())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        os.close(self._keyboard)  # hangs up: the kernel ends the shell and what runs in it
        self._shell.kill()
        self._shell.wait()


def _show_only_output(screen: int) -> None:
    """Let the terminal not repeat what is typed."""
    settings = termios.tcgetattr(screen)
    settings[3] &= ~termios.ECHO
    termios.tcsetattr(screen, termios.TCSANOW, settings)
    termios.tcsetwinsize(screen, (24, 80))
