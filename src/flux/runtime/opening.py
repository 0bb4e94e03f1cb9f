"""The first concrete node of a source's turn: the only one that may end its source.

A function ends the source with StopIteration, a generator function by returning; a turn takes
the generator's next value. A generator that raised is spent: the function is called anew.

The function, or the object whose method it is, may offer two things for when the server stops.
After `finish()` it gives what it still has, and then ends the source by itself: a listener takes no
new clients, and hands out those that have spoken. `interrupt()` wakes a turn that is abandoned, so
that its thread is no longer left blocking in `accept`.

Two sources may share their first node. Each source is a thread, so what an opening remembers
between calls is thread-local: each source has its own generator and its own failures.
"""

import threading
from collections.abc import Callable, Iterator
from typing import Any

from flux.runtime.errors import SourceEnded
from flux.runtime.outputs import Function, bytecode

GENERATOR = 0x20  # inspect.CO_GENERATOR; importing inspect takes longer than all of flux.runtime


class _Memory(threading.local):
    """What an opening remembers between the calls of one source."""

    failed = False
    generator: Iterator[Any] | None = None


class Opening:
    """A function that begins turns, and knows which failures were its own.

    While a profile is on, its outputs pass through `given`.
    """

    __slots__ = ("_call", "_function", "_memory", "given")

    def __init__(self, function: Function, prepare: Callable[[Function], Function]) -> None:
        code = bytecode(function)
        generates = code is not None and code.co_flags & GENERATOR
        self._memory = _Memory()
        self._function = function
        self._call = prepare(self._following if generates else function)
        self.given: Callable[[Any], Any] | None = None

    def __call__(self) -> Any:  # noqa: ANN401 - a node's outputs, of any type
        """Begin a turn."""
        outputs = self.take()
        return outputs if self.given is None else self.given(outputs)

    def take(self) -> Any:  # noqa: ANN401 - a node's outputs, of any type
        """Begin a turn that counts whatever a profile does meanwhile."""
        try:
            return self._call()
        except StopIteration:
            raise SourceEnded from None
        except BaseException:
            self._memory.failed = True
            raise

    def has_failed(self) -> bool:
        """Whether it was this node that failed in the source's last turn; asked once a failure."""
        failed, self._memory.failed = self._memory.failed, False
        return failed

    def finish(self) -> bool:
        """Ask for what there still is, and then for the end; whether the implementation can."""
        return self._offers("finish")

    def interrupt(self) -> None:
        """Wake the turns that wait in here, if the implementation knows how."""
        self._offers("interrupt")

    def _offers(self, name: str) -> bool:
        """Call what the function or its owner offers under a name; whether there is one."""
        owner = getattr(self._function, "__self__", None)
        for offering in (self._function, owner):
            offered = getattr(offering, name, None)
            if callable(offered):
                offered()
                return True
        return False

    def _following(self) -> Any:  # noqa: ANN401 - a node's outputs, of any type
        """The generator's next value; after a failure, that of a new one."""
        memory = self._memory
        if memory.generator is None:
            memory.generator = self._function()
        try:
            return next(memory.generator)
        except BaseException:
            memory.generator = None
            raise
