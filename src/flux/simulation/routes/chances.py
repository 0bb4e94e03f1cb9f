"""Which paths flows take, and how often, from the probabilities of cases and errors.

The ways through a part of the program are counted as `flux.runtime.ways` numbers them, but only
those that are possible: each kind of way is a list of numbers with their probabilities. Cases and
errors are taken to be independent of each other; a profile, which counts whole paths, knows better.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from flux.plan.lengths import too_long_to_list
from flux.plan.model import MOST_WAYS, Block, Branch, Call, Dispatch, Handle, Plan, Session
from flux.simulation.errors import SimulationError
from flux.simulation.routes.blocks import flat, guarded, handler, tried
from flux.simulation.routes.paths import Paths

MOST_ROUTES = 100_000
NO_MATCH = "no match"
"""Where a node's cases are listed: that none of them matches."""

Numbered = list[tuple[int, float]]
"""Ways of one kind by number, each with its probability."""


@dataclass(frozen=True, slots=True)
class Chances:
    """How probable each case of a node is, by its text `[_, hit]`, and the failure of a function.

    What isn't named has the probability 0.
    """

    cases: Mapping[str, Mapping[str, float]]
    errors: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Likely:
    """The possible ways through a part of the program, by how they end."""

    succeeded: Numbered = field(default_factory=list)
    failed: Numbered = field(default_factory=list)
    ended: Numbered = field(default_factory=list)


def likely_paths(plan: Plan, source: str, chances: Chances) -> Iterator[tuple[int, float]]:
    """The numbers of a source's possible paths with their probabilities.

    Raises:
        SimulationError: There are more than `MOST_ROUTES`, or they are too long.
    """
    check_lengths(plan, source)
    paths = Paths(plan)
    ways = paths.loops[source].ways
    likely = _Search(paths, chances, source).block(paths.whole(source))
    yield from likely.succeeded
    yield from _moved(likely.failed, ways.succeeded)
    yield from _moved(likely.ended, ways.succeeded + ways.failed)


def check_lengths(plan: Plan, source: str) -> None:
    """Raise a SimulationError if the paths of a source can't be followed."""
    ways = next(loop.ways for loop in plan.sources if loop.source == source)
    if ways.total >= MOST_WAYS or too_long_to_list(plan, source):
        raise SimulationError(
            f"the paths of `{source}` are too many or too long to be simulated: let some of its"
            " nodes be concrete, one function instead of many"
        )


def case_name(branch: Branch) -> str:
    """`[_, hit]`: how a case is called among those of its node."""
    return branch.id[branch.id.rindex("/") + 1 :]


class _Search:
    """The possible ways through the routines of one Plan; each routine is searched once."""

    def __init__(self, paths: Paths, chances: Chances, source: str) -> None:
        self._paths = paths
        self._chances = chances
        self._source = source
        self._known: dict[str, Likely] = {}

    def block(self, block: Block) -> Likely:
        """The ways through a block: those behind a step only where it can succeed."""
        found = Likely(succeeded=[(0, 1.0)])
        for part in flat(block):
            if isinstance(part, Dispatch):
                return self._dispatch(part)
            if isinstance(part, Call | Session | Handle):
                found = self._then(found, part)
        return found

    def _then(self, before: Likely, step: Call | Session | Handle) -> Likely:
        if not before.succeeded:
            return before
        own, numbers = self._step(step), step.numbers
        return Likely(
            self._product(before.succeeded, own.succeeded, 0, numbers.weight),
            before.failed
            + self._product(before.succeeded, own.failed, numbers.failed, numbers.weight),
            before.ended
            + self._product(before.succeeded, own.ended, numbers.ended, numbers.weight),
        )

    def _product(self, before: Numbered, own: Numbered, first: int, weight: int) -> Numbered:
        self._check(len(before) * len(own))
        return [(first + n + weight * i, p * q) for i, q in own for n, p in before if p * q]

    def _check(self, count: int) -> None:
        if count > MOST_ROUTES:
            raise SimulationError(
                f"flows of `{self._source}` can take more than {MOST_ROUTES:,} paths: set the"
                " error rates and the probabilities of cases that hardly matter to 0"
            )

    def _step(self, step: Call | Session | Handle) -> Likely:
        match step:
            case Call(routine=str() as routine):
                if routine not in self._known:
                    self._known[routine] = self.block(self._paths.body(routine))
                return self._known[routine]
            case Call(opens=str()):
                return Likely(succeeded=[(0, 1.0)])
            case Call(node=name) | Session(function=name):
                return self._function(name)
            case Handle():
                return self._handle(step)

    def _function(self, name: str) -> Likely:
        error = self._chances.errors.get(name, 0.0)
        return Likely(_possible(1 - error), _possible(error))

    def _handle(self, step: Handle) -> Likely:
        inner = self._step(guarded(step.body))
        if not inner.failed:
            return inner
        own = self._step(handler(step))
        ways = step.handling
        handling = [
            *own.succeeded,
            *_moved(own.failed, ways.succeeded),
            *_moved(own.ended, ways.succeeded + ways.failed),
        ]
        ended = self._product(inner.failed, handling, step.handled.ended, step.handled.failed)
        return Likely(inner.succeeded, [], inner.ended + ended)

    def _dispatch(self, step: Dispatch) -> Likely:
        chances = self._chances.cases.get(step.node, {})
        failing = dict.fromkeys((b.failed for b in step.branches if b.failed is not None), 0.0)
        found = Likely()
        for branch in step.branches:
            if chance := chances.get(case_name(branch), 0.0):
                tested = self._tested(step, branch, chance, failing)
                self._add(found, branch, tested)
        if step.no_match is not None and (chance := chances.get(NO_MATCH, 0.0)):
            found.failed.append((step.no_match, self._tested(step, None, chance, failing)))
        found.failed.extend((number, chance) for number, chance in failing.items() if chance)
        return found

    def _tested(
        self, step: Dispatch, chosen: Branch | None, chance: float, failing: dict[int, float]
    ) -> float:
        """The chance that the tests up to a case succeed; where they fail goes to `failing`."""
        for branch, test in tried(step, chosen):
            error = chance * self._chances.errors.get(test.name, 0.0)
            if branch.failed is not None:
                failing[branch.failed] += error
            chance -= error
        return chance

    def _add(self, found: Likely, branch: Branch, chance: float) -> None:
        inner = self.block(branch.body)
        found.succeeded.extend((branch.base + n, p * chance) for n, p in inner.succeeded)
        found.failed.extend((n, p * chance) for n, p in inner.failed)
        found.ended.extend((n, p * chance) for n, p in inner.ended)
        self._check(len(found.succeeded) + len(found.failed) + len(found.ended))


def _possible(chance: float) -> Numbered:
    return [(0, chance)] if chance > 0 else []


def _moved(ways: Iterable[tuple[int, float]], by: int) -> Iterator[tuple[int, float]]:
    return ((number + by, chance) for number, chance in ways)
