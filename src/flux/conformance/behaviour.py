"""A behaviour: a Flux program, what its nodes do, and what must come of it.

What happens is written as words. `Work(1, 7)` is a call with its inputs, `Work(1, 7)!` one that
fails; predicates and session functions are called alike. `+cache` is a constraint that is taken
as a writer, `+cache?` as a reader, `-cache` one that is given back; `+cart(7)` is that of session
7. A call that is given nothing and succeeds (a source's, mostly) isn't recorded: the flow shows
it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypedDict

from flux.conformance.script import Scripts


class Options(TypedDict, total=False):
    """How the program is run; the words are those of `flux run`."""

    threads: int
    queue: int
    max_flows: int
    drain: float


class Counts(NamedTuple):
    """How many flows ended how; `dropped` are the turns that failed."""

    finished: int = 0
    handled: int = 0
    failed: int = 0
    dropped: int = 0


ONE = Counts(finished=1)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One sentence of the language's reference, as an experiment.

    `flows` are the calls of each flow, by its number (0: calls without inputs). `order` is all
    that happens in all flows, constraints included. `paths` are the names of the paths that flows
    and failed turns have taken, sorted. What isn't given isn't compared.
    `drained` is how many flows finished and were cut after a stop. `seconds` are the least and
    the most that the program may run for. Each text of `log` is part of a line of its log.
    """

    name: str
    program: str
    nodes: Scripts
    counts: Counts = ONE
    flows: Mapping[int, str] | None = None
    order: str | None = None
    paths: tuple[str, ...] | None = None
    drained: tuple[int, int] | None = None
    status: int = 0
    seconds: tuple[float, float] = (0.0, 60.0)
    log: tuple[str, ...] = ()
    options: Options = field(default_factory=Options)
    runtimes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


class Event(NamedTuple):
    """Something that happened; `flow` is None for what happens to constraints."""

    flow: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a program; `paths` is None for a target that doesn't tell.

    `profiled` are the paths that the program's profile has counted, each as often; None where there
    is no profile, or where it was written before all flows had ended.
    """

    events: tuple[Event, ...]
    counts: Counts
    status: int
    seconds: float
    drained: tuple[int, int] | None = None
    log: tuple[str, ...] = ()
    paths: tuple[str, ...] | None = None
    profiled: tuple[str, ...] | None = None

    @property
    def flows(self) -> dict[int, str]:
        """The calls of each flow, in order."""
        calls: dict[int, list[str]] = {}
        for event in self.events:
            if event.flow is not None:
                calls.setdefault(event.flow, []).append(event.text)
        return {flow: " ".join(texts) for flow, texts in sorted(calls.items())}

    @property
    def order(self) -> str:
        """All that happened."""
        return " ".join(event.text for event in self.events)


def differences(behaviour: Behaviour, run: Run) -> list[str]:
    """In what a run differs from the behaviour; nothing where the target conforms."""
    compared = [
        ("exit status", behaviour.status, run.status),
        ("counts", behaviour.counts, run.counts),
        ("flows", behaviour.flows, run.flows),
        ("order", behaviour.order, run.order),
        ("drained", behaviour.drained, run.drained),
        ("paths", None if run.paths is None else behaviour.paths, run.paths),
        ("profile", None if run.profiled is None else run.paths, run.profiled),
    ]
    found = [
        f"{what}: expected {expected!r}, but got {actual!r}"
        for what, expected, actual in compared
        if expected is not None and expected != actual
    ]
    found += [f"log: no {text!r} in {run.log}" for text in behaviour.log if not _told(text, run)]
    shortest, longest = behaviour.seconds
    if not shortest <= run.seconds <= longest:
        found.append(f"took {run.seconds:.3f} s, not {shortest} to {longest} s")
    return found


def _told(text: str, run: Run) -> bool:
    return any(text in line for line in run.log)
