"""A server watched: what it has counted since it was last looked at, and the flows that live."""

from contextlib import suppress
from dataclasses import dataclass

from flux.profile.client import Server
from flux.profile.difference import AnotherError, since
from flux.profile.errors import ProfileError
from flux.profile.flows import LiveFlows
from flux.profile.model import Profile


@dataclass(frozen=True, slots=True)
class View:
    """What was seen: the profile of the last interval, once there was one, or what is wrong."""

    profile: Profile | None = None
    flows: LiveFlows | None = None
    trouble: str = ""


class Watch:
    """Looks at a server as often as it is told to.

    The profile of each process of it is turned on once, if it is off, and off again by `close`.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._before: Profile | None = None
        self._turned_on: int | None = None

    def begin(self) -> None:
        """Have the first look.

        Raises:
            ProfileError: The server can't be asked; from now on that is only told.
        """
        self._before = self._counting()

    def look(self) -> View:
        """What there is since the look before."""
        try:
            now, flows = self._counting(), self._server.flows()
        except ProfileError as error:
            return View(trouble=str(error))
        before, self._before = self._before, now
        trouble = "" if now.on else "the profile was turned off by somebody else"
        if before is None:
            return View(None, flows, trouble)
        try:
            return View(since(now, before), flows, trouble)
        except AnotherError as error:
            return View(now, flows, str(error))

    def close(self) -> None:
        """Turn the profile off if this turned it on, and the process is still that one."""
        if self._turned_on is not None:
            with suppress(ProfileError):  # it is off if the server is gone
                if self._server.profile().server.pid == self._turned_on:
                    self._server.stop()

    def _counting(self) -> Profile:
        """The profile of a process that was asked to count if it is new."""
        profile = self._server.profile()
        pid = profile.server.pid
        known = self._before is not None and self._before.server.pid == pid
        if profile.on or known:
            return profile
        self._turned_on = pid  # also if the answer gets lost
        return self._server.start()
