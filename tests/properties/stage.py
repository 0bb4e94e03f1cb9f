"""Functions that follow scripts, and a record of what the runtime does with them.

The stage is the implementation of a program, and sits at its seam: it sees each call, and each
constraint taken and given back. A thread carries one turn or flow at a time, so what happens on a
thread belongs to what that thread has last begun.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import CodeType, SimpleNamespace
from typing import Any

from properties.checker import Ending
from properties.events import Event, Kind
from properties.reading import Reading
from properties.scripts import Casting, Script, Stop

from flux.runtime import Constraints, Flow, Nodes, Outcome, Program, Source

Bind = Callable[[Nodes, Constraints], Program]


class ScriptedError(Exception):
    """What a function raises when its script says so."""


@dataclass(slots=True)
class Record:
    """What happened in one turn or flow, how it ended, and the name of its path's number."""

    number: int
    script: Script
    events: list[Event] = field(default_factory=list)
    ending: Ending = Ending.STOPPED
    path: str = ""


class Occupancy:
    """Who is inside each constraint, in each session; notes whoever shouldn't be."""

    def __init__(self) -> None:
        self.clashes: list[str] = []
        self._inside: dict[tuple[object, ...], list[str]] = {}
        self._guard = threading.Lock()

    def enter(self, mode: str, *place: object) -> None:
        """Somebody holds a constraint now."""
        with self._guard:
            modes = self._inside.setdefault(place, [])
            modes.append(mode)
            if len(modes) > 1 and "writer" in modes:
                self.clashes.append(f"{place}: {' beside '.join(modes)}")

    def leave(self, mode: str, *place: object) -> None:
        """And is about to give it back."""
        with self._guard:
            self._inside[place].remove(mode)


class Stage:
    """One run of a program."""

    def __init__(self, reading: Reading, casting: Casting) -> None:
        self.occupancy = Occupancy()
        self.turns: dict[str, list[Record]] = {source.node: [] for source in reading.sources}
        self.flows: dict[tuple[str, int], Record] = {}
        self.happened = 0
        self.name_path: Callable[[Source, Flow, BaseException | None], str] = lambda *_: ""
        self._casting = casting
        self._reading = reading
        self._under_way: dict[Flow, Record] = {}
        self._thread = threading.local()

    def functions(self) -> SimpleNamespace:
        """The implementation."""
        nodes = {name: self._node(name, gives) for name, gives in self._reading.concrete.items()}
        predicates = dict.fromkeys(self._reading.predicates.values(), self._predicate)
        sessions = {s.session: self._session for s in self._reading.sources if s.session}
        return SimpleNamespace(**nodes, **predicates, **sessions)

    def watched(self, bind: Bind) -> Bind:
        """The program, with an eye on where turns and flows begin."""

        def bind_watched(nodes: Nodes, constraints: Constraints) -> Program:
            return Program(*(self._watch(source) for source in bind(nodes, constraints).sources))

        return bind_watched

    def observe(self, kind: str, name: str, bearer: Any) -> Any:
        """Stand at the seam."""
        match kind:
            case "node" | "predicate" | "session":
                return self._observed(kind, name, bearer)
            case _:
                return self._observed_pair(kind.removeprefix("session_"), name, *bearer)

    def end(
        self, flow: Flow, source: Source, outcome: Outcome, exception: BaseException | None
    ) -> None:
        """Note how a turn or a flow ended."""
        record = self._under_way[flow]
        record.ending = Ending(outcome.name.lower())
        record.path = self.name_path(source, flow, exception)

    def _watch(self, source: Source) -> Source:
        turns = self.turns[source.name]

        def turn(flow: Flow) -> Any:
            record = Record(len(turns), self._casting.turn(source.name, len(turns)))
            turns.append(record)
            self._begin(flow, record)
            return source.turn(flow)

        def run(flow: Flow, *inputs: Any) -> None:
            number = self._under_way[flow].number
            record = Record(number, self._casting.flow(source.name, number))
            self.flows[source.name, number] = record
            self._begin(flow, record)
            source.flow(flow, *inputs)

        return source._replace(turn=turn, flow=_Disguised(run, source.flow.__code__))

    def _begin(self, flow: Flow, record: Record) -> None:
        self._under_way[flow] = record
        self._thread.record = record

    @property
    def _record(self) -> Record:
        """What is under way on this thread."""
        record: Record = self._thread.record
        return record

    def _note(self, kind: Kind, name: str, detail: tuple[object, ...]) -> None:
        self._record.events.append(Event(kind, name, detail))
        self.happened += 1
        time.sleep(0)  # the other threads' chance to get in between

    def _observed(self, kind: Kind, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def observed(*inputs: Any) -> Any:
            self._note(kind, name, inputs)
            return function(*inputs)

        return observed

    def _observed_pair(
        self, mode: str, name: str, acquire: Callable[..., None], release: Callable[..., None]
    ) -> tuple[Callable[..., None], Callable[..., None]]:
        def take(*session: object) -> None:
            acquire(*session)
            self.occupancy.enter(mode, name, *session)
            self._note("take", name, (mode, *session))

        def give(*session: object) -> None:
            self._note("give", name, (mode, *session))
            self.occupancy.leave(mode, name, *session)
            release(*session)

        return take, give

    def _node(self, name: str, gives: int) -> Callable[..., Any]:
        def node(*_inputs: Any) -> Any:
            try:
                outputs = self._record.script.node(gives)
            except Stop:
                raise StopIteration from None
            if outputs is None:
                raise ScriptedError(name)
            return outputs[0] if gives == 1 else outputs or None

        return node

    def _predicate(self, _value: Any) -> bool:
        passes = self._record.script.predicate()
        if passes is None:
            raise ScriptedError("a predicate")
        return passes

    def _session(self, *_inputs: Any) -> int:
        session = self._record.script.session()
        if session is None:
            raise ScriptedError("a session function")
        return session


class _Disguised:
    """A function that shows another's code, by which the runtime knows the generated program."""

    def __init__(self, function: Callable[..., None], code: CodeType) -> None:
        self.__code__ = code
        self._function = function

    def __call__(self, *inputs: Any) -> None:
        self._function(*inputs)
