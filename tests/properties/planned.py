"""What happens on a way through a Plan: its steps carried out as `flux.plan.model` says."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from properties.checker import Around, Ending, Failed, Flow, Over, Values, Way, ended
from properties.events import Event
from properties.scripts import Casting, Script

from flux.graph.locking import Take
from flux.graph.model import Scope
from flux.plan.model import (
    Block,
    Branch,
    Call,
    Dispatch,
    Handle,
    Hold,
    Plan,
    Routine,
    Session,
    SourceLoop,
)

Named = dict[str, str]


def planned_flows(plan: Plan, loop: SourceLoop, casting: Casting) -> Iterator[Way | Flow]:
    """What becomes of each turn of a source, by the Plan."""
    routines = {routine.id: routine for routine in plan.routines}
    for number in range(casting.turns + 1):
        turn, flow = Way(), Way()
        walk = _Walk(plan, routines, casting.turn(loop.source, number), turn)
        with ended(turn):
            turn.outputs = walk.routine(loop.turn, (), ())
        if turn.ending is not Ending.FINISHED:
            yield turn
            continue
        flow.session = turn.session
        walk = replace(walk, script=casting.flow(loop.source, number), way=flow)
        with ended(flow):
            flow.outputs = walk.routine(loop.flow, (), turn.outputs)
        yield Flow(turn, flow)


@dataclass(frozen=True, slots=True)
class _Walk:
    """A turn or flow under way."""

    plan: Plan
    routines: dict[str, Routine]
    script: Script
    way: Way

    def routine(self, id_: str, around: Around, inputs: Values) -> Values:
        """One routine; only one that stands for an abstract node is a node around others."""
        routine = self.routines[id_]
        values = dict(zip(routine.inputs, inputs, strict=True))
        inside = (*around, routine.node) if routine.role == "node" else around
        handed = self.block(routine.body, inside, values)
        return _named(values, routine.outputs) if handed is None else handed

    def block(self, block: Block, around: Around, values: Named) -> Values | None:
        """All steps; what the block hands on if a branch decides that."""
        handed = None
        for step in block:
            match step:
                case Call():
                    self.call(step, around, values)
                case Hold():
                    handed = self.hold(step, around, values)
                case Handle():
                    handed = self.handle(step, around, values)
                case Dispatch():
                    handed = self.dispatch(step, around, values)
                case Session():
                    self.session(step, values)
        return handed

    def call(self, call: Call, around: Around, values: Named) -> None:
        outputs = self.target(call.node, call.routine, around, _named(values, call.inputs))
        values.update(zip(call.outputs, outputs, strict=True))

    def target(self, node: str, routine: str | None, around: Around, inputs: Values) -> Values:
        """A routine, or a function of the implementation."""
        if routine is not None:
            return self.routine(routine, around, inputs)
        self.way.events.append(Event("node", node, inputs, (*around, node)))
        function = next(function for function in self.plan.functions if function.name == node)
        outputs = self.script.node(len(function.signature.outputs))
        if outputs is None:
            raise Failed
        return outputs

    def hold(self, hold: Hold, around: Around, values: Named) -> Values | None:
        with self.holding(hold.takes, around):
            return self.block(hold.body, around, values)

    @contextmanager
    def holding(self, takes: tuple[Take, ...], around: Around) -> Iterator[None]:
        for take in takes:
            self.way.events.append(Event("take", take.constraint, self.detail(take), around))
        try:
            yield
        finally:
            for take in reversed(takes):
                self.way.events.append(Event("give", take.constraint, self.detail(take), around))

    def detail(self, take: Take) -> tuple[object, ...]:
        session = (self.way.session,) if take.scope is Scope.SESSION else ()
        return (take.mode.value, *session)

    def handle(self, handle: Handle, around: Around, values: Named) -> Values | None:
        try:
            return self.block(handle.body, around, values)
        except Failed:
            inputs = _named(values, handle.inputs)
        try:
            self.target(handle.handler, handle.routine, around, inputs)
        except Failed:
            raise Over(Ending.FAILED) from None
        raise Over(Ending.HANDLED)

    def dispatch(self, dispatch: Dispatch, around: Around, values: Named) -> Values:
        for branch in dispatch.branches:
            if self.matches(branch, around, values):
                handed = self.block(branch.body, around, values)
                return _named(values, branch.outputs) if handed is None else handed
        raise Failed

    def matches(self, branch: Branch, around: Around, values: Named) -> bool:
        for test in branch.tests:
            event = Event("predicate", test.function, (values[test.input],), around)
            self.way.events.append(event)
            passes = self.script.predicate()
            if passes is None:
                raise Failed
            if not passes:
                return False
        return True

    def session(self, session: Session, values: Named) -> None:
        self.way.events.append(Event("session", session.function, _named(values, session.inputs)))
        self.way.session = self.script.session()
        if self.way.session is None:
            raise Failed


def _named(values: Named, names: tuple[str, ...]) -> Values:
    return tuple(values[name] for name in names)
