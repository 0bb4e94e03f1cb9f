"""An alarm that ends stuck tests for good, with all their clean-ups.

pytest-timeout's rings once, and that isn't enough: hypothesis takes it for a mistake of its example
and tries that again, and a clean-up may wait for what the test waited for. A failure even switches
it off, before the clean-up.
"""

import signal

import pytest

AGAIN = 30.0  # seconds at most from one ring to the next

_SETTINGS = pytest.StashKey()


class StuckError(BaseException):
    """A test takes too long. It is no failure that hypothesis would look into."""


@pytest.hookimpl(wrapper=True)
def pytest_timeout_set_timer(item, settings):
    """Let the alarm ring again and again."""
    is_set = yield
    item.stash[_SETTINGS] = settings
    if settings.method == "signal":
        signal.signal(signal.SIGALRM, _never_mistaken(signal.getsignal(signal.SIGALRM)))
        signal.setitimer(signal.ITIMER_REAL, settings.timeout, min(settings.timeout, AGAIN))
    return is_set


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item):
    """Give the clean-up its own time, whatever has become of the alarm."""
    if settings := item.stash.get(_SETTINGS, None):
        item.ihook.pytest_timeout_set_timer(item=item, settings=settings)


def _never_mistaken(ring):
    """A handler of the alarm that shows what all threads do, and ends the test."""

    def handler(signum, frame):
        try:
            ring(signum, frame)
        except pytest.fail.Exception as failure:
            raise StuckError(str(failure)) from None

    return handler
