"""A server profiled for a while: turned on if it is off, and off again at the end if it was."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from flux.profile.client import Server
from flux.profile.difference import AnotherError, since
from flux.profile.errors import ProfileError
from flux.profile.model import Profile


def measured(server: Server, wait: Callable[[], None]) -> Profile:
    """What a server counts while `wait` waits; less long if that is interrupted.

    Raises:
        ProfileError: It can't be asked, or has been started again meanwhile.
    """
    with turned_on(server) as before:
        with suppress(KeyboardInterrupt):
            wait()
        after = server.profile()
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
