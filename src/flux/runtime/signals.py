"""SIGTERM and SIGINT: the first asks the server to stop, the second ends the process at once."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stopping_on_signals(ask_to_stop: Callable[[], None]) -> Iterator[None]:
    """Let signals stop the server; `ask_to_stop` runs between any two instructions."""
    asked = False

    def on_signal(signum: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            os._exit(128 + signum)
        asked = True
        ask_to_stop()

    previous = {each: signal.signal(each, on_signal) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for each, handler in previous.items():
            signal.signal(each, handler)
