"""What runs scripts, and a script at work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
        """The next bytes, empty at the end; ScriptError, and what the upload raises."""
        ...

    def close(self) -> None:
        """Have nothing more to do with it."""
        ...


Parameters = Mapping[bytes, bytes]  # what a script is told of a request, by name
Upload = Callable[[], bytes]  # waits for the next bytes of a body; empty at the end


@dataclass(frozen=True, slots=True)
class Asked:
    """What a script is asked: what has come of the request's body, and what waits for the rest."""

    parameters: Parameters
    body: bytes
    upload: Upload | None = None
    may_repeat: bool = False  # it does no harm to ask twice


def uploaded(script: Script, upload: Upload) -> bytes:
    """The next bytes of a body; a script whose client breaks off is closed."""
    try:
        return upload()
    except BaseException:
        script.close()
        raise


class Runner(Protocol):
    """What runs scripts."""

    def start(self, name: str, asked: Asked) -> Script:
        """Begin to run the script that is called so; ScriptError, and what the upload raises."""
        ...
