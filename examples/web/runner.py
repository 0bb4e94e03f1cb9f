"""What runs scripts, and a script at work."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Protocol


class ScriptError(Exception):
    """A script can't be run, or what comes of it is no answer; `status` is what is told of it."""

    status = HTTPStatus.BAD_GATEWAY


class ScriptTooSlow(ScriptError):  # noqa: N818 - as its twin in C++
    """It says nothing for too long."""

    status = HTTPStatus.GATEWAY_TIMEOUT


class ScriptTooMany(ScriptError):  # noqa: N818 - the same
    """There are as many at work as there may be."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class Script(Protocol):
    """A script at work: what it says, as CGI has it (RFC 3875, 6)."""

    @property
    def is_over(self) -> bool:
        """Whether all has come that will come."""
        ...

    def read(self) -> bytes:
        """The next bytes, empty at the end; ScriptError."""
        ...

    def close(self) -> None:
        """Have nothing more to do with it."""
        ...


Parameters = Mapping[bytes, bytes]  # what a script is told of a request, by name


class Runner(Protocol):
    """What runs scripts."""

    def start(self, name: str, parameters: Parameters, body: bytes, *, may_repeat: bool) -> Script:
        """Begin to run a script, twice only where that does no harm; ScriptError."""
        ...
