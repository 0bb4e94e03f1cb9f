"""Compiling without the garbage collector.

A compiler makes many objects and drops few, so looking for dropped ones is a third of its time
in large programs, and finds nothing.
"""

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def without_collector(function: Callable[P, R]) -> Callable[P, R]:
    """The function, during which the collector rests if it was at work."""

    @wraps(function)
    def rested(*args: P.args, **kwargs: P.kwargs) -> R:
        if not gc.isenabled():
            return function(*args, **kwargs)
        gc.disable()
        try:
            return function(*args, **kwargs)
        finally:
            gc.enable()

    return rested
