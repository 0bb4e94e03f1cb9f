"""The nodes of planted.flux. A byte of the standard input is a number."""

import sys
import time

WORK = 0.0005


def numbers() -> int:
    """Wait for a byte; the end of the input is that of the source."""
    if byte := sys.stdin.buffer.read(1):
        return byte[0]
    raise StopIteration


def is_heavy(number: int) -> bool:
    return number < 3


def is_slow(number: int) -> bool:
    return number == 9


def burn(_number: int) -> None:
    """Use the processor, no matter how many others use it, too."""
    end = time.thread_time() + WORK
    while time.thread_time() < end:
        pass


def keep(_number: int) -> None:
    """Make others wait for the store."""
    time.sleep(2 * WORK)


def refuse(number: int) -> None:
    raise ValueError(number)


def apologize(_number: int) -> None:
    """Hold a constraint that nobody needs for long."""
