"""The names of a program, bound to the functions of an implementation.

Node `ReadRequest` is the function `ReadRequest`, else `read_request`, of a module, of an object,
or of anything else that has attributes.
"""

import keyword
import re
from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

from flux.runtime.errors import MissingFunctions, NoSession
from flux.runtime.opening import Opening
from flux.runtime.outputs import Function, checked

Observe = Callable[[str, str, Any], Any]
"""The seam: given a kind, a name and what bears it, gives what is used in its place.

The kinds are `node`, `predicate` and `session`, which come with their function, and `reader`,
`writer`, `session_reader` and `session_writer`, which come with their (acquire, release).
"""

WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def spellings(name: str) -> tuple[str, ...]:
    """The names under which a function is looked up, in order."""
    snake = WORD_START.sub("_", name).lower()
    return (name,) if snake == name or keyword.iskeyword(snake) else (name, snake)


def _as_it_is(function: Function) -> Function:
    return function


class Nodes:
    """An implementation, asked for functions by the names of the program.

    Who asks again gets the same: a profiler binds the program anew.
    """

    def __init__(self, implementation: object, observe: Observe | None = None) -> None:
        self._implementation = implementation
        self._observe = observe
        self._missing: dict[str, tuple[str, ...]] = {}
        self._openings: dict[str, Opening] = {}
        self._functions: dict[tuple[str, str], Function] = {}

    def function(self, name: str, gives: int) -> Function:
        """A concrete node that returns that many outputs."""
        return self._once("node", name, partial(checked, name, gives))

    def predicate(self, name: str) -> Function:
        """The test of a semantic type."""
        return self._once("predicate", name)

    def session(self, name: str) -> Function:
        """A session function: what it gives can be told from other ids, or it fails."""
        return self._once("session", name, partial(_identifying, name))

    def opening(self, name: str, gives: int) -> Opening:
        """A concrete node that begins the turns of a source."""
        if name not in self._openings:
            prepare = partial(self._opening, name, gives)
            self._openings[name] = Opening(self._find(name), prepare)
        return self._openings[name]

    def check(self) -> None:
        """Complain of all functions that were asked for in vain, at once."""
        if self._missing:
            raise MissingFunctions(tuple(self._missing.values()))

    def _opening(self, name: str, gives: int, function: Function) -> Function:
        return self._observed("node", name, checked(name, gives, function))

    def _once(
        self, kind: str, name: str, prepare: Callable[[Function], Function] = _as_it_is
    ) -> Function:
        if (kind, name) not in self._functions:
            function = self._observed(kind, name, prepare(self._find(name)))
            self._functions[kind, name] = function
        return self._functions[kind, name]

    def _find(self, name: str) -> Function:
        for spelling in spellings(name):
            function = getattr(self._implementation, spelling, None)
            if callable(function):
                return function  # type: ignore[no-any-return] # an attribute of any object
        self._missing[name] = spellings(name)
        return _absent

    def _observed(self, kind: str, name: str, function: Function) -> Function:
        if self._observe is None:
            return function
        return self._observe(kind, name, function)  # type: ignore[no-any-return] # a seam of many kinds


def _absent(*_inputs: object) -> None:
    """Stand in for a missing function until all of them are known."""


def _identifying(name: str, function: Function) -> Function:
    def session(*inputs: Any) -> Hashable:  # noqa: ANN401 - a node's outputs, of any type
        try:
            identity: Hashable = function(*inputs)
            hash(identity)
        except Exception as error:
            raise NoSession(f"`{name}` gives no session: {error}") from error
        return identity

    return session
