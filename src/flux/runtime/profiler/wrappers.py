"""The program's functions and constraints, as they stamp the record of the flow that uses them.

Where the text of the program is at hand, most calls do without (`flux.runtime.profiler.stamping`).

A wrapper has as many parameters as its function, where the plan tells how many, for `*inputs`
takes 40 ns. So its text depends on that, and is made once for each number. All wrappers share a
file name, by which `flux.runtime.profiler.flows` finds them on the stacks of threads.
"""

from collections.abc import Callable
from functools import cache
from threading import get_ident
from typing import Any, NamedTuple

from flux.runtime.constraints import Constraints
from flux.runtime.locks import Pair
from flux.runtime.nodes import Nodes
from flux.runtime.outputs import Function
from flux.runtime.profiler.clocks import clock, cpu
from flux.runtime.profiler.marks import ABANDONED, AGAIN, CPU, Kind, Mark, Marks
from flux.runtime.profiler.openings import Openings
from flux.runtime.profiler.plans import Inputs
from flux.runtime.sessions import SessionPair
from flux.runtime.stamps import running

FILE = "<wrappers of the profiler>"

CALL = """\
def bound(function, done, failed):
    def call({inputs}):
        try:
            outputs = function({inputs})
        except BaseException:
            stamps = running[thread()]
            stamps.append(failed)
            stamps.append(clock()){more_failed}
            raise
        stamps = running[thread()]
        stamps.append(done)
        stamps.append(clock()){more_done}
        return outputs
    return call
"""

OPEN = """\
def bound(function, done, failed, openings):
    given = openings.given
    def call():
        stamps = running[thread()]
        if stamps[0] == AGAIN:
            outputs = given.outputs
        else:
            try:
                outputs = function()
            except BaseException:
                stamps.append(failed)
                stamps.append(clock()){more_failed}
                raise
            if not openings.on:
                stamps[0] = ABANDONED
        stamps.append(done)
        stamps.append(clock()){more_done}
        return outputs
    return call
"""

STAMP = """\
def bound(function, done):
    def {name}({inputs}):
        function({inputs})
        stamps = running[thread()]
        stamps.append(done)
        stamps.append(clock())
    return {name}
"""

MORE = """
{indent}stamps.append(CPU)
{indent}stamps.append(cpu())"""


class RecordedNodes(Nodes):
    """The functions of a program, in wrappers; `timed` ones ask for processor time as well."""

    def __init__(
        self, nodes: Nodes, marks: Marks, inputs: Inputs, openings: Openings, *, timed: bool
    ) -> None:
        self.plain = nodes
        self._marks = marks
        self._inputs = inputs
        self._recorded_openings = openings
        self._timed = timed

    def function(self, name: str, gives: int) -> Function:
        """A concrete node."""
        return self._recorded(Kind.NODE, name, self.plain.function(name, gives))

    def predicate(self, name: str) -> Function:
        """The test of a semantic type."""
        return self._recorded(Kind.PREDICATE, name, self.plain.predicate(name))

    def session(self, name: str) -> Function:
        """A session function."""
        return self._recorded(Kind.SESSION, name, self.plain.session(name))

    def opening(self, name: str, gives: int) -> Function:  # type: ignore[override] # for generated code, which calls it
        """A concrete node that begins the turns of a source, and remains the plain one."""
        opening, openings = self.plain.opening(name, gives), self._recorded_openings
        openings.add(name, opening)
        marks = self._numbers(Kind.OPENING, name)
        wrapped: Function = _opening(self._timed)(opening, *marks, openings)
        return wrapped

    def _recorded(self, kind: Kind, name: str, function: Function) -> Function:
        marks = self._numbers(kind, name)
        wrapped: Function = _calling(self._inputs.of(kind, name), self._timed)(function, *marks)
        return wrapped

    def _numbers(self, kind: Kind, name: str) -> tuple[int, int]:
        """What stands for a call that is done, and for one that failed."""
        number = self._marks.number
        return number(Mark(kind, name)), number(Mark(kind, name, failed=True))


class UntimedNodes(Nodes):
    """The functions of a program as they are, except that openings let no turn begin anew."""

    def __init__(self, nodes: Nodes) -> None:
        self.plain = nodes

    def function(self, name: str, gives: int) -> Function:
        """A concrete node."""
        return self.plain.function(name, gives)

    def predicate(self, name: str) -> Function:
        """The test of a semantic type."""
        return self.plain.predicate(name)

    def session(self, name: str) -> Function:
        """A session function."""
        return self.plain.session(name)

    def opening(self, name: str, gives: int) -> Function:  # type: ignore[override] # for generated code, which calls it
        """A concrete node that begins the turns of a source."""
        return self.plain.opening(name, gives).take


class RecordedConstraints(Constraints):
    """The constraints of a program, which stamp when they are taken and given back."""

    def __init__(self, constraints: Constraints, marks: Marks) -> None:
        self.plain = constraints
        self._marks = marks

    def reader(self, name: str) -> Pair:
        """Share a constraint with other readers."""
        return self._recorded(name, "reader", self.plain.reader(name))

    def writer(self, name: str) -> Pair:
        """Have a constraint alone."""
        return self._recorded(name, "writer", self.plain.writer(name))

    def session_reader(self, name: str) -> SessionPair:
        """Share a constraint with other readers of the same session."""
        return self._recorded(name, "session_reader", self.plain.session_reader(name))

    def session_writer(self, name: str) -> SessionPair:
        """Have a constraint alone within a session."""
        return self._recorded(name, "session_writer", self.plain.session_writer(name))

    def _recorded(self, name: str, way: str, pair: tuple[Any, Any]) -> tuple[Any, Any]:
        acquire, release = pair
        inputs = "session" if USES[way].scope == "session" else ""
        acquired = self._marks.number(use_of(way, Kind.ACQUIRED, name))
        released = self._marks.number(use_of(way, Kind.RELEASED, name))
        return (
            _stamping("acquire", inputs)(acquire, acquired),
            _stamping("release", inputs)(release, released),
        )


class Use(NamedTuple):
    """How a constraint is used."""

    mode: str
    scope: str


USES = {
    "reader": Use("reader", "program"),
    "writer": Use("writer", "program"),
    "session_reader": Use("reader", "session"),
    "session_writer": Use("writer", "session"),
}


def use_of(way: str, kind: Kind, name: str) -> Mark:
    """The mark of a constraint that is taken or given back, in one of these ways."""
    return Mark(kind, name, mode=USES[way].mode, scope=USES[way].scope)


@cache
def _calling(inputs: str, timed: bool) -> Callable[..., Any]:  # noqa: FBT001 - a key of the cache
    """What wraps functions of these parameters."""
    more_failed, more_done = _more(timed, 12), _more(timed, 8)
    return _made(CALL.format(inputs=inputs, more_failed=more_failed, more_done=more_done))


@cache
def _opening(timed: bool) -> Callable[..., Any]:  # noqa: FBT001 - a key of the cache
    """What wraps openings."""
    return _made(OPEN.format(more_failed=_more(timed, 16), more_done=_more(timed, 8)))


def _more(timed: bool, indent: int) -> str:  # noqa: FBT001 - handed on
    return MORE.format(indent=" " * indent) if timed else ""


@cache
def _stamping(name: str, inputs: str) -> Callable[..., Any]:
    """What wraps the functions of constraints."""
    return _made(STAMP.format(name=name, inputs=inputs))


def _made(text: str) -> Callable[..., Any]:
    known = {"CPU": CPU, "AGAIN": AGAIN, "ABANDONED": ABANDONED, "clock": clock, "cpu": cpu}
    namespace: dict[str, Any] = {"running": running, "thread": get_ident, **known}
    exec(compile(text, FILE, "exec"), namespace)  # noqa: S102 - this is our own text
    bound: Callable[..., Any] = namespace["bound"]
    return bound
