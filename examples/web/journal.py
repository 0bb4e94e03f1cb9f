"""The access log: one line a request, in the forms that the tools for logs read."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from exchange import Reply, Request
from flux.nodes.http import Headers

_MOST = 100_000  # entries that wait to be written: the others are dropped


@dataclass(frozen=True, slots=True)
class Entry:
    """A request and how it was answered; times in seconds."""

    peer: str
    moment: float
    duration: float
    method: str
    target: str
    version: str
    status: int
    sent: int
    referrer: str
    agent: str


def entry_of(request: Request, reply: Reply) -> Entry:
    """What the log tells of an exchange that is over."""
    asked = request.http
    return Entry(
        request.conn.peer[0],
        request.moment,
        max(0.0, time.time() - request.moment),
        asked.method,
        asked.target,
        asked.version,
        reply.status.value,
        reply.sent,
        _first(asked.headers, "referer"),
        _first(asked.headers, "user-agent"),
    )


def _first(headers: Headers, name: str) -> str:
    return next(iter(headers.all(name)), "")


def common(entry: Entry) -> str:
    """The Common Log Format."""
    moment = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(entry.moment))
    line = f"{entry.method} {entry.target} HTTP/{entry.version}" if entry.method else "-"
    sent = entry.sent or "-"
    return f'{entry.peer} - - [{moment}] "{_escaped(line)}" {entry.status} {sent}'


def combined(entry: Entry) -> str:
    """The same with Referer and User-Agent."""
    referrer, agent = _escaped(entry.referrer) or "-", _escaped(entry.agent) or "-"
    return f'{common(entry)} "{referrer}" "{agent}"'


def as_json(entry: Entry) -> str:
    """An object of JSON."""
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(entry.moment))
    fields = {
        "time": moment,
        "microseconds": round(entry.duration * 1_000_000),
        "peer": entry.peer,
        "method": entry.method,
        "target": entry.target,
        "version": entry.version,
        "status": entry.status,
        "sent": entry.sent,
        "referer": entry.referrer,
        "agent": entry.agent,
    }
    return json.dumps(fields, separators=(",", ":"))


FORMS: dict[str, Callable[[Entry], str]] = {
    "common": common,
    "combined": combined,
    "json": as_json,
}


class Journal:
    """Entries that wait to be written, and the file that they go to, if there is one.

    The file is opened anew each time: who rotates it just renames it.
    """

    def __init__(self) -> None:
        self.path: Path | None = None
        self.form: Callable[[Entry], str] = common
        self._waiting: list[Entry] = []

    def add(self, request: Request, reply: Reply) -> None:
        """Have an exchange written sometime."""
        if self.path is not None and len(self._waiting) < _MOST:
            self._waiting.append(entry_of(request, reply))

    def take(self) -> list[Entry]:
        """All entries that wait, for `write`."""
        taken, self._waiting = self._waiting, []
        return taken

    def write(self, entries: list[Entry]) -> None:
        """Append entries to the file; OSError if that can't be done."""
        if self.path is None or not entries:
            return
        text = "".join(f"{self.form(entry)}\n" for entry in entries)
        with self.path.open("a", encoding="ascii") as file:
            file.write(text)


def _escaped(text: str) -> str:
    """A text that can't leave its quotes or its line."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return text
    return "".join(map(_escape, text))


def _escape(character: str) -> str:
    plain = " " <= character <= "~" and character not in '"\\'
    return character if plain else f"\\x{ord(character):02x}"
