"""Servers watched: what they have counted since the last look, and the flows that live."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from operator import attrgetter

from flux.profile.client import Server
from flux.profile.difference import AnotherError, since
from flux.profile.errors import ProfileError
from flux.profile.flows import LiveFlows
from flux.profile.model import Profile
from flux.profile.pooling import of_workers


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

    @property
    def name(self) -> str:
        """Where the server is asked."""
        return str(self._server.address)

    def begin(self) -> Profile:
        """Have the first look.

        Raises:
            ProfileError: The server can't be asked; from now on that is only told.
        """
        self._before = self._counting()
        return self._before

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


class WatchOfWorkers:
    """Looks at all workers of a server, and sees them as one."""

    def __init__(self, watches: Sequence[Watch]) -> None:
        self._watches = watches
        self._names = [watch.name for watch in watches]

    def begin(self) -> None:
        """Have the first look.

        Raises:
            ProfileError: One can't be asked, or they are of different servers.
        """
        of_workers([watch.begin() for watch in self._watches], self._names)

    def look(self) -> View:
        """What there is since the look before, of those that answer."""
        views = [watch.look() for watch in self._watches]
        if len(views) == 1:
            return views[0]
        profile, trouble = self._as_one(views)
        return View(profile, _all_flows(views), trouble)

    def close(self) -> None:
        """Turn off the profiles that this turned on."""
        for watch in self._watches:
            watch.close()

    def _as_one(self, views: Sequence[View]) -> tuple[Profile | None, str]:
        """The profiles as one, and what is wrong with whom."""
        told = [*zip(self._names, views, strict=True)]
        troubles = [f"{name}: {view.trouble}" for name, view in told if view.trouble]
        found = {name: view.profile for name, view in told if view.profile}
        try:
            profile = of_workers([*found.values()], [*found]) if found else None
        except ProfileError as error:
            return None, "; ".join([*troubles, str(error)])
        return profile, "; ".join(troubles)


def _all_flows(views: Sequence[View]) -> LiveFlows | None:
    """The flows of all who answer, the oldest first."""
    found = [view.flows for view in views if view.flows]
    if not found:
        return None
    flows = [flow for each in found for flow in each.flows]
    return LiveFlows(
        flows=tuple(sorted(flows, key=attrgetter("age"), reverse=True)),
        more=sum(each.more for each in found),
        on=all(each.on for each in found),
        every=max(each.every for each in found),
    )
