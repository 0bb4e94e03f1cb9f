"""The model: what happens on a way through a program, by the letter of the language.

It follows a script through the text as section 2 says, one use of a node after the other, and
takes constraints as the closed form of section 3 says:

    a constraint c that N needs is taken, on each way to N, by the outermost node on that way
    (N included) whose own declared constraints contain c or one after it; as writer if
    anything inside needs it as writer. "Inside" includes cases and the handlers of inner nodes.

A node X on the way, with the nodes *around* it, thus takes c if something inside X declares c,
X declares c or one after it, and no node around X does. Nothing is handed down from the outside
in, no set is subtracted from another, and nothing is shared with the compiler.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from properties.events import Event
from properties.reading import Case, Node, Reading, Source
from properties.scripts import Casting, Script, Stop

Values = tuple[str, ...]
Around = tuple[str, ...]


class Ending(Enum):
    """How a flow or a turn ends; the names are those of flux.runtime.Outcome."""

    FINISHED = "finished"
    HANDLED = "handled"
    FAILED = "failed"
    STOPPED = "stopped"


class Failed(Exception):  # noqa: N818 - a node's failure, which a handler may look after
    """A node failed, and nothing inside it has handled that."""


class Over(Exception):  # noqa: N818 - no error: a handler ran
    """The flow is over: `ending` says whether its handler failed in turn."""

    def __init__(self, ending: Ending) -> None:
        super().__init__()
        self.ending = ending


@dataclass(slots=True)
class Way:
    """What happened, the name of the path, how it ended, and what it gave."""

    events: list[Event] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    ending: Ending = Ending.FINISHED
    outputs: Values = ()
    session: int | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """A turn that succeeded, and the flow that it started."""

    turn: Way
    flow: Way


def flows_of(reading: Reading, source: Source, casting: Casting) -> Iterator[Way | Flow]:
    """What becomes of each turn of a source: a way that started no flow, or one that did."""
    for number in range(casting.turns + 1):
        turn = follow_turn(reading, source, casting.turn(source.node, number))
        if turn.ending is Ending.FINISHED:
            flow = follow_flow(reading, source, turn, casting.flow(source.node, number))
            yield Flow(turn, flow)
        else:
            yield turn


def follow_turn(reading: Reading, source: Source, script: Script) -> Way:
    """One turn: the source's node, then the session function; its handler minds both."""
    way = Way()
    model = _Model(reading, script, way)
    with ended(way), model.handled(reading.nodes[source.node], (), ()):
        way.outputs = model.bare(reading.nodes[source.node], (), ())
        if source.session:
            way.session = model.session(source.session, way.outputs)
    return way


def follow_flow(reading: Reading, source: Source, turn: Way, script: Script) -> Way:
    """The flow that a turn started."""
    way = Way(session=turn.session)
    with ended(way):
        way.outputs = _Model(reading, script, way).use(source.target, (), turn.outputs)
    return way


@contextmanager
def ended(way: Way) -> Iterator[None]:
    """Note how a way ends."""
    try:
        yield
    except Failed:
        way.ending = Ending.FAILED
    except Over as over:
        way.ending = over.ending
    except Stop:
        way.ending = Ending.STOPPED


@dataclass(frozen=True, slots=True)
class _Model:
    """A turn or flow under way."""

    reading: Reading
    script: Script
    way: Way

    def use(self, name: str, around: Around, inputs: Values) -> Values:
        """One use of a node, with its handler."""
        node = self.reading.nodes[name]
        with self.handled(node, around, inputs):
            return self.bare(node, around, inputs)

    @contextmanager
    def handled(self, node: Node, around: Around, inputs: Values) -> Iterator[None]:
        """When what is in here fails, the node's handler runs where the node stands."""
        try:
            yield
        except Failed:
            if node.handler is None:
                raise
            try:
                self.use(node.handler, around, inputs)
            except Failed:
                raise Over(Ending.FAILED) from None
            raise Over(Ending.HANDLED) from None

    def bare(self, node: Node, around: Around, inputs: Values) -> Values:
        """One use of a node, with its constraints."""
        with self.holding(node, around):
            if node.is_concrete:
                return self.call(node, (*around, node.name), inputs)
            outputs = self.cases(node, (*around, node.name), inputs)
            return () if node.drops else outputs

    @contextmanager
    def holding(self, node: Node, around: Around) -> Iterator[None]:
        """What the node takes, and gives back in reverse."""
        takes = [self._lock(name, mode) for name, mode in taken(self.reading, node.name, around)]
        for name, detail in takes:
            self.way.events.append(Event("take", name, detail, around))
        try:
            yield
        finally:
            for name, detail in reversed(takes):
                self.way.events.append(Event("give", name, detail, around))

    def _lock(self, name: str, mode: str) -> tuple[str, tuple[object, ...]]:
        session = (self.way.session,) if name in self.reading.sessions else ()
        return name, (mode, *session)

    def call(self, node: Node, around: Around, inputs: Values) -> Values:
        """One call of a function of the implementation."""
        self.way.events.append(Event("node", node.name, inputs, around))
        outputs = self.script.node(node.gives or 0)
        self.way.path.append(node.name if outputs is not None else f"{node.name} fails")
        if outputs is None:
            raise Failed
        return outputs

    def session(self, function: str, inputs: Values) -> int:
        """One call of the session function."""
        self.way.events.append(Event("session", function, inputs))
        session = self.script.session()
        if session is None:
            self.way.path.append(f"{function} fails")
            raise Failed
        return session

    def cases(self, node: Node, around: Around, inputs: Values) -> Values:
        """The chain of the first case that matches."""
        for case in node.cases:
            if self.matches(node, case, around, inputs):
                return self.chain(case, around, inputs)
        self.way.path.append(f"{node.name}: no match")
        raise Failed

    def matches(self, node: Node, case: Case, around: Around, inputs: Values) -> bool:
        """Whether all patterns match, from left to right; no predicate is called in vain."""
        if case.patterns is None:
            return True
        for pattern, value in zip(case.patterns, inputs, strict=True):
            if pattern != "_" and not self.test(pattern, value, label(node, case), around):
                return False
        self.way.path.append(label(node, case))
        return True

    def test(self, type_: str, value: str, case: str, around: Around) -> bool:
        """One call of a predicate; its failure is that of the node with the cases."""
        self.way.events.append(Event("predicate", self.reading.predicates[type_], (value,), around))
        passes = self.script.predicate()
        if passes is None:
            self.way.path.append(f"{case} can't be tested")
            raise Failed
        return passes

    def chain(self, case: Case, around: Around, inputs: Values) -> Values:
        """One node after the other; without any, the inputs are handed on."""
        for name in case.chain:
            inputs = self.use(name, around, inputs)
        return inputs


def label(node: Node, case: Case) -> str:
    """`Handler:[_, hit]`."""
    return f"{node.name}:[{', '.join(case.patterns or ())}]"


@lru_cache(maxsize=10_000)
def taken(reading: Reading, name: str, around: Around) -> list[tuple[str, str]]:
    """What a node takes at a use with these nodes around it, in canonical order, and how."""
    inside = [reading.nodes[inner] for inner in _inside(reading, name)]
    return [
        (c, "writer" if any(inner.own.get(c) for inner in inside) else "reader")
        for c in sorted(reading.order, key=reading.order.__getitem__)
        if any(c in inner.own for inner in inside)
        and _may_take(reading, name, c)
        and not any(_may_take(reading, outer, c) for outer in around)
    ]


def _may_take(reading: Reading, name: str, constraint: str) -> bool:
    """Whether a node's own declared constraints contain this one, or one after it."""
    order = reading.order
    return any(order[own] >= order[constraint] for own in reading.nodes[name].own)


def _inside(reading: Reading, name: str) -> set[str]:
    """The node, and all that may run while it does: the handlers of inner nodes, not its own."""
    inside = {name}
    waiting = [inner for case in reading.nodes[name].cases for inner in case.chain]
    while waiting:
        inner = waiting.pop()
        if inner not in inside:
            inside.add(inner)
            node = reading.nodes[inner]
            waiting += [name for case in node.cases for name in case.chain]
            waiting += [node.handler] if node.handler else []
    return inside
