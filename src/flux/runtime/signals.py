"""SIGTERM and SIGINT: the first asks the server to stop, the second ends the process at once.

SIGUSR2 turns the profile on or off, on a thread of its own: that may write a file. On fibers
SIGUSR1 lists the live flows; elsewhere, and where the program has a handler of its own for it, it
does what it always did.

Python runs signal handlers on the main thread, between two instructions. A signal that arrives
just before the main thread falls asleep in a lock is noticed only when it wakes up. What always
happens at once is the byte that the interpreter writes to the wake-up descriptor; so a thread
of its own reads these bytes and does what the signals ask for.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = (signal.SIGTERM, signal.SIGINT)
HEARD = (*STOPPING, signal.SIGUSR2)
UNHANDLED = (signal.SIG_DFL, signal.SIG_IGN)


@contextmanager
def hearing_signals(
    ask_to_stop: Callable[[], None], toggle_profile: Callable[[], None], *, tell_flows: bool = False
) -> Iterator[None]:
    """Let signals stop the server, or profile it; to be entered on the main thread."""
    receiver, sender = os.pipe()
    os.set_blocking(sender, False)
    listener = threading.Thread(
        target=_listen,
        args=(receiver, ask_to_stop, toggle_profile),
        name="flux signals",
        daemon=True,
    )
    listener.start()
    previous_sender = signal.set_wakeup_fd(sender)
    asked = tell_flows and signal.getsignal(signal.SIGUSR1) in UNHANDLED
    heard = (*HEARD, signal.SIGUSR1) if asked else HEARD
    previous = {each: signal.signal(each, _noticed) for each in heard}
    mask = signal.pthread_sigmask(signal.SIG_UNBLOCK, heard)  # a parent may block them
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for each, handler in previous.items():
            signal.signal(each, handler)
        signal.set_wakeup_fd(previous_sender)
        os.close(sender)
        listener.join()
        os.close(receiver)


def _listen(
    receiver: int, ask_to_stop: Callable[[], None], toggle_profile: Callable[[], None]
) -> None:
    """Do what the signals ask for, until the other end of the pipe is closed."""
    asked = False
    while received := os.read(receiver, 1):
        signum = received[0]
        if signum in STOPPING and asked:
            os._exit(128 + signum)
        if signum in STOPPING:
            asked = True
            ask_to_stop()
        if signum == signal.SIGUSR1 and signal.getsignal(signum) is _noticed:
            threading.Thread(target=_tell_flows, name="flux flows", daemon=True).start()
        if signum == signal.SIGUSR2:
            threading.Thread(target=toggle_profile, name="flux profile", daemon=True).start()


def _tell_flows() -> None:
    from flux.runtime.live import tell_flows  # noqa: PLC0415 - seldom needed

    tell_flows()


def _noticed(_signum: int, _frame: FrameType | None) -> None:
    """Nothing is left to do for the main thread."""
