"""The supervisor: what it does at each tick of the watch, and nothing in between.

A restart has three stages. A change begins a check; a change during the check begins it anew. A
check that succeeds asks the old server to end. When that has ended, the new one starts. A check
that fails leaves everything as it is, and so does a server that ends by itself: both wait for the
next change, so that nothing is ever restarted in a loop.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGTERM
from typing import Protocol

from flux.reload.contents import Contents, changed, contents, missing

ABSENCE = 1.0  # seconds for which a file may be gone while something replaces it
GRACE = 5.0  # seconds that a server may take to end beyond its drain
MISUSE = 2  # the exit status of a command that can't be right, whatever the files hold


class Running(Protocol):
    """A process that may have ended."""

    def poll(self) -> int | None:
        """Its exit status, None while it runs."""

    def send(self, signum: int) -> None:
        """Send it a signal."""

    def abandon(self) -> None:
        """End it, and all that it has started."""


class Text(Protocol):
    """What is served: files, and the processes that check and that serve what they hold."""

    def files(self) -> Iterable[str]:
        """All files that are part of it, and those that would be if they were there."""

    def check(self) -> Running:
        """Begin to check it."""

    def serve(self) -> Running:
        """Begin to serve it."""


class Supervisor:
    """Serves a text, and serves it anew when it has changed and is right."""

    def __init__(
        self,
        text: Text,
        drain: float,
        tell: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._text = text
        self._patience = drain + GRACE
        self._tell = tell
        self._clock = clock
        self._files: Contents = {}
        self._served: Contents = {}
        self._news = ""
        self._absent_since: float | None = None
        self._check: Running | None = None
        self._is_wanted = False
        self._server: Running | None = None
        self._deadline: float | None = None
        self._signals: deque[int] = deque()
        self._is_ending = False
        self._status = 1

    def files(self) -> Contents:
        """What is to be watched; another object whenever that may have changed."""
        return self._files

    def ask(self, signum: int) -> None:
        """Hand on a signal, and end with the server; may be called by a signal's handler."""
        self._signals.append(signum)

    def run(self, ticks: Iterable[bool]) -> int:
        """Serve until a signal ends it; the exit status of the last server.

        Each tick says whether files may have changed.
        """
        self._begin_check()
        try:
            for may_have_changed in ticks:
                self._step(may_have_changed=may_have_changed)
                if self._is_ending and self._server is None:
                    break
        finally:
            self._leave()
        return self._status

    def _step(self, *, may_have_changed: bool) -> None:
        while self._signals:
            self._heed(self._signals.popleft())
        if not self._is_ending and (may_have_changed or self._absent_since is not None):
            self._look()
        if self._check and (status := self._check.poll()) is not None:
            self._judge(status)
        if self._server:
            self._look_after(self._server)
        if self._is_wanted and self._server is None:
            self._is_wanted = False
            self._served = self._files
            self._server = self._text.serve()

    def _heed(self, signum: int) -> None:
        """End, once; a second signal is for the server, which has its own meaning for it."""
        if self._is_ending or self._deadline is None:
            self._stop(SIGINT if signum == SIGINT else SIGTERM)
        self._abandon_check()
        self._is_ending, self._is_wanted = True, False

    def _stop(self, signum: int) -> None:
        """Ask the server to end; from the first time on, its time runs."""
        if self._server:
            self._server.send(signum)
            if self._deadline is None:
                self._deadline = self._clock() + self._patience

    def _look(self) -> None:
        """Begin a check if contents differ; what is gone may soon be there again."""
        names = changed(self._files)
        now = self._clock()
        if names and missing(names):
            self._absent_since = now if self._absent_since is None else self._absent_since
            if now - self._absent_since < ABSENCE:
                return
        self._absent_since = None
        if names:
            self._news = _summary(names)
            if self._is_served():
                self._keep()
            else:
                self._begin_check()

    def _is_served(self) -> bool:
        """Whether the text is again what the server was started with."""
        return bool(self._server and self._deadline is None and not changed(self._served))

    def _keep(self) -> None:
        self._abandon_check()
        self._files = self._served
        self._tell(f"{self._news}: it is what the server has")

    def _begin_check(self) -> None:
        """What changes from now on, is another change."""
        self._abandon_check()
        self._is_wanted = False
        self._files = contents({*self._files, *self._text.files()})
        self._check = self._text.check()

    def _abandon_check(self) -> None:
        if self._check:
            self._check.abandon()
        self._check = None

    def _judge(self, status: int) -> None:
        """Replace the server by what has been checked, or keep it."""
        self._check = None
        files = list(self._text.files())
        if status:
            self._refuse(status)
            files += self._files
        else:
            self._accept()
        new = contents(path for path in files if path not in self._files)
        self._files = {**{path: self._files[path] for path in files if path in self._files}, **new}

    def _refuse(self, status: int) -> None:
        if not self._news and status == MISUSE:
            self._status, self._is_ending = status, True
        elif self._server and self._deadline is None:
            self._tell(f"{self._news}, and there are mistakes: the server goes on as it was")
        else:
            self._tell("waiting for a change")

    def _accept(self) -> None:
        self._is_wanted = True
        if self._news:
            self._tell(f"{self._news}: {'restarting' if self._server else 'starting'}")
        if self._deadline is None:
            self._stop(SIGTERM)

    def _look_after(self, server: Running) -> None:
        status = server.poll()
        if status is not None:
            self._status, self._server = status, None
            if self._deadline is None:
                self._tell(f"the server has ended with {status}: waiting for a change")
            self._deadline = None
        elif self._deadline is not None and self._clock() > self._deadline:
            self._tell("the server does not end, and is killed")
            server.send(SIGKILL)
            self._deadline = float("inf")

    def _leave(self) -> None:
        """Leave nothing behind that goes on for ever, whatever has happened."""
        self._abandon_check()
        if self._server:
            self._server.send(SIGTERM)


def _summary(names: list[str]) -> str:
    first, more = Path(names[0]).name, len(names) - 1
    return f"{first} and {more} more have changed" if more else f"{first} has changed"
