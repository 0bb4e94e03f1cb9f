"""Wrong simulators: each differs from what the runtimes do in one thing."""

from collections import deque
from dataclasses import replace

from flux.simulation.engines.python import state, tables
from flux.simulation.engines.python.names import PLACES
from flux.simulation.model import Give, Run, Take

READS = PLACES["READS"]


def of_steps(change):
    """A model whose flows do other things."""

    def changed(model):
        sources = tuple(
            replace(
                source,
                routes=tuple(
                    replace(route, steps=tuple(change(route.steps))) for route in source.routes
                ),
            )
            for source in model.sources
        )
        return replace(model, sources=sources)

    return changed


def of_machine(**changes):
    """A model of another machine."""
    return lambda model: replace(model, machine=replace(model.machine, **changes))


def of_scope(scope):
    """A model whose constraints all have this scope."""
    return lambda model: replace(
        model, constraints=tuple(replace(each, scope=scope) for each in model.constraints)
    )


def opposite(steps):
    """Constraints that are taken together, in the opposite order."""
    together = []
    for step in steps:
        if isinstance(step, Take):
            together.append(step)
        else:
            yield from together[::-1]
            together = []
            yield step


def late(steps):
    """What is taken is kept to the end, a handler's run included."""
    given = [step for step in steps if isinstance(step, Give)]
    seen, kept = set(), []
    for step in steps:
        if isinstance(step, Give):
            continue
        if isinstance(step, Take):
            if step.constraint in seen:
                continue
            seen.add(step.constraint)
            kept.append(next(each for each in given if each.constraint == step.constraint))
        yield step
    yield from kept[::-1]


def early(steps):
    """What is taken is given back before the call for which it was taken has ended."""
    held = []
    for step in steps:
        if isinstance(step, Take):
            held.append(Give(step.constraint, step.mode))
            yield step
        elif isinstance(step, Run):
            yield from held[::-1]
            held = []
            yield step


def as_mode(mode):
    """All constraints are taken in one mode."""
    return lambda steps: [
        replace(step, mode=mode) if isinstance(step, Take | Give) else step for step in steps
    ]


class LastFirst(deque):
    """Who came last is served first."""

    def append(self, each):
        self.appendleft(each)


class WritersFirst(deque):
    """Writers are served before readers."""

    def _place(self):
        return next((place for place, flow in enumerate(self) if not flow[READS]), 0)

    def __getitem__(self, _):
        return deque.__getitem__(self, self._place())

    def popleft(self):
        place = self._place()
        flow = deque.__getitem__(self, place)
        del self[place]
        return flow


class NobodyFirst(deque):
    """A thread of the pool goes on with its next flow after those who were woken."""

    def appendleft(self, each):
        self.append(each)


HANDED = "constraints are taken in the order of their names and given back in reverse"
HELD = "a node holds its constraint while it runs"
MIXED = "a reader excludes a writer"
NESTED = "program constraints are taken before session constraints"
PLACES_FEW = "a source waits while as many flows live as may"
SHARED = "a reader takes its constraint as a reader"
SESSIONS = "flows of one session exclude each other"

QUEUES = {
    "the last who waits for a constraint gets it": (tables, LastFirst, "thread", MIXED),
    "writers are preferred": (tables, WritersFirst, "thread", MIXED),
    "the last of the pool's queue is first": (state, LastFirst, "pool", MIXED),
    "woken flows are faster than the pool": (state, NobodyFirst, "pool", HANDED),
}

MODELS = {
    "constraints are handed on": (of_machine(policy="handoff"), "pool", HANDED),
    "nobody loses patience": (of_machine(patience=1e9), "pool", HANDED),
    "the pool has a thread more": (of_machine(threads=4), "pool", MIXED),
    "there are places for all": (of_machine(max_flows=None), "thread", PLACES_FEW),
    "there is a place less": (of_machine(max_flows=1), "thread", PLACES_FEW),
    "constraints are taken in the opposite order": (of_steps(opposite), "thread", NESTED),
    "constraints are kept to the end": (of_steps(late), "thread", HELD),
    "constraints are given back early": (of_steps(early), "thread", MIXED),
    "readers are alone": (of_steps(as_mode("writer")), "thread", SHARED),
    "writers are together": (of_steps(as_mode("reader")), "thread", MIXED),
    "sessions exclude each other": (of_scope("program"), "thread", SESSIONS),
    "all flows have one session": (lambda each: replace(each, sessions=1), "thread", SESSIONS),
}
