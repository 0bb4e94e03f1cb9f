"""Servers profiled for a while: turned on if they are off, and in the end as they were."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress

from flux.profile.client import Server
from flux.profile.difference import AnotherError, since
from flux.profile.errors import ProfileError
from flux.profile.model import Profile


def measured(servers: Sequence[Server], wait: Callable[[], None]) -> list[Profile]:
    """What servers count while `wait` waits; less long if that is interrupted.

    Raises:
        ProfileError: One can't be asked, or has been started again meanwhile.
    """
    with ExitStack() as stack:
        before = [stack.enter_context(turned_on(each)) for each in servers]
        with suppress(KeyboardInterrupt):
            wait()
        after = [each.profile() for each in servers]
    return [_since(*each) for each in zip(servers, after, before, strict=True)]


def _since(server: Server, after: Profile, before: Profile) -> Profile:
    try:
        return since(after, before)
    except AnotherError as error:
        raise ProfileError(f"{server.address}: {error}; ask it again") from None


@contextmanager
def turned_on(server: Server) -> Iterator[Profile]:
    """The profile of a server that counts, as it is at the beginning."""
    before = server.profile()
    if before.on:
        yield before
        return
    try:
        yield server.start()
    finally:
        with suppress(ProfileError):  # it is off if the server is gone
            server.stop()
