"""The live view of `flux top`: a screen that is drawn anew, and the keys that change it."""

import os
import select
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic

from rich.console import Console
from rich.live import Live
from rich.text import Text

from flux.cli.profiles import painter
from flux.profile.live import fitted
from flux.profile.ranking import By
from flux.profile.watching import View, WatchOfWorkers
from flux.render.paint import Style

QUIT = "q"
KEYS: dict[str, By] = {"t": "time", "c": "count", "p": "cpu", "w": "wait"}
HELP = "q ends; t, c, p, w: by time, count, processor, waiting"

Keyboard = Callable[[float], str]
"""The keys that are pressed within so many seconds, or nothing."""


def show(watch: WatchOfWorkers, every: float, count: int | None, by: By) -> None:
    """Look at a server every so often, until q is pressed or it was done often enough."""
    view = View()
    console = Console(highlight=False, soft_wrap=True)
    with _keyboard() as pressed, Live(console=console, screen=True, auto_refresh=False) as live:
        while count is None or count > 0:
            deadline = monotonic() + every
            while (left := deadline - monotonic()) > 0:
                live.update(_drawn(view, by, console), refresh=True)
                for key in pressed(left):
                    if key == QUIT:
                        return
                    by = KEYS.get(key, by)
            view = _kept(watch.look(), view)
            count = count and count - 1


def _kept(view: View, before: View) -> View:
    """A view, with the last profile that was seen if there is none now."""
    return view if view.profile else replace(view, profile=before.profile)


def _drawn(view: View, by: By, console: Console) -> Text:
    width, height = console.size
    paint = painter()
    lines = fitted(view, by, width, height - 1, paint)
    lines += [""] * (height - 1 - len(lines))
    return Text.from_ansi("\n".join([*lines, paint(HELP[:width], Style.QUIET)]))


@contextmanager
def _keyboard() -> Iterator[Keyboard]:
    """Keys as they are pressed, unseen; none if the standard input is no terminal."""
    if not sys.stdin.isatty():
        yield _no_key
        return
    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield _key
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _key(seconds: float) -> str:
    if not select.select([sys.stdin], [], [], seconds)[0]:
        return ""
    return os.read(sys.stdin.fileno(), 64).decode("ascii", "ignore") or QUIT


def _no_key(seconds: float) -> str:
    select.select([], [], [], seconds)
    return ""
