"""From a profile to a model of the server that it was taken from.

Routes are the paths, weighted by how many flows took them; failed turns start no flows, and have no
routes. `costs` beside this has the theory of times. A profile knows how long it was between flows,
but not in which order, so arrivals can't be `Recorded`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flux.plan.contract import fingerprint
from flux.plan.model import Plan
from flux.profile.model import Path, Profile
from flux.profile.model import Source as Beginnings
from flux.simulation.arithmetic import mean_time
from flux.simulation.calibration.costs import FEW, Costs
from flux.simulation.calibration.doubts import doubts
from flux.simulation.calibration.measured import NANOSECOND, measured
from flux.simulation.calibration.served import machine_of
from flux.simulation.errors import SimulationError
from flux.simulation.model import Model, Open, Route, Run, Source
from flux.simulation.routes.steps import Routes
from flux.simulation.times import NOTHING, Exponential, Time


@dataclass(frozen=True, slots=True)
class Calibration:
    """A model, and what makes it less sure than it looks, a sentence each."""

    model: Model
    warnings: tuple[str, ...]


def calibrate(
    profile: Profile, routes: Routes, *, name: str, sessions: int | None = None
) -> Calibration:
    """The model of a profiled server; `name` says in messages which profile it is.

    Raises:
        SimulationError: The profile is of another program or empty, or `sessions` aren't given
            where there are constraints of sessions.
    """
    check_program(profile, routes, name)
    _check_sessions(routes, sessions)
    sources = tuple(_sources(profile, routes, name))
    if not sources:
        raise _empty(name)
    costs = Costs(profile)
    model = Model(
        program=routes.plan.name,
        sources=sources,
        functions=tuple(map(costs.function, routes.functions)),
        constraints=routes.constraints,
        machine=replace(
            machine_of(profile.server, name),
            overhead=costs.overhead(),
            overhead_gil=costs.overhead_gil(),
        ),
        sessions=sessions or 1,
    )
    return Calibration(model, tuple(doubts(profile, routes, costs, name)))


def check_program(profile: Profile, routes: Routes, name: str) -> None:
    """Raise a SimulationError if a profile is of another program, or has no flows."""
    _check_fingerprint(profile, routes.plan, name)
    _check_flows(profile, name)
    _check_sources(profile, routes, name)


def _check_fingerprint(profile: Profile, plan: Plan, name: str) -> None:
    ours = fingerprint(plan)
    if profile.fingerprint not in {None, ours}:
        raise SimulationError(
            f"{name} is a profile of another program: of {profile.program} with the fingerprint"
            f" {_short(str(profile.fingerprint))}, while {plan.name} has {_short(ours)};"
            " take one of this program, with `flux run --profile`"
        )


def _short(text: str) -> str:
    return text[: len("sha256:") + 12]


def _check_flows(profile: Profile, name: str) -> None:
    if not any(path.count for path in profile.paths):
        raise _empty(name)


def _empty(name: str) -> SimulationError:
    return SimulationError(
        f"{name} is empty: no flow ended while the profile was on; send the server requests like"
        " those that are expected, and take it again"
    )


def _check_sources(profile: Profile, routes: Routes, name: str) -> None:
    for path in profile.paths:
        if path.count and path.source not in routes.paths.loops:
            raise SimulationError(
                f"{name} is a profile of another program, or damaged: {routes.plan.name} has no"
                f" source `{path.source}`"
            )


def _check_sessions(routes: Routes, sessions: int | None) -> None:
    scoped = [each.name for each in routes.constraints if each.scope == "session"]
    if scoped and sessions is None:
        raise SimulationError(
            f"`{scoped[0]}` is a constraint of sessions, and a profile doesn't know how many"
            " there are: say it, as with --sessions 100"
        )


def check_calls(profile: Profile, routes: Routes, name: str) -> None:
    """Raise a SimulationError if flows went through what was never called: it would cost nothing.

    A few may have called it before the profile began. Where only a share of the flows was timed,
    paths of which none was have told no calls.
    """
    called = {node.node for node in profile.nodes if node.calls}
    flows: Counter[str] = Counter()
    paths = [path for path in profile.paths if path.count and path.wall.count]
    for route in _routes(routes, paths, name):
        for place in {step.function for step in route.steps if isinstance(step, Run)}:
            flows[routes.functions[place]] += round(route.weight)
    for function, count in flows.items():
        if count >= FEW and function not in called:
            raise SimulationError(
                f"{name} is damaged, or too short: {count:,} flows went through `{function}`, but"
                " its `nodes` have no call of it; take it again, for longer"
            )


def _sources(profile: Profile, routes: Routes, name: str) -> Iterator[Source]:
    beginnings = {each.source: each for each in profile.sources}
    for source in routes.paths.loops:
        routes.check(source)
        paths = [path for path in profile.paths if path.source == source and path.count]
        found = tuple(_routes(routes, paths, name))
        if found:
            begun = beginnings.get(source)
            spreads = begun is not None and begun.spreads
            yield Source(source, Open(_between(profile, begun)), found, spreads)


def _routes(routes: Routes, paths: Sequence[Path], name: str) -> Iterator[Route]:
    for path in paths:
        if path.path is not None:
            try:
                if routes.paths.starts(path.source, path.path):
                    yield routes.route(path.source, path.path, float(path.count))
            except IndexError as error:
                raise SimulationError(
                    f"{name} is a profile of another program, or damaged: {error}"
                ) from None


def _between(profile: Profile, source: Beginnings | None) -> Time:
    """The times between flows; of one that came alone only the rate is known."""
    gaps = measured(source.gaps) if source is not None else NOTHING
    if mean_time(gaps):
        return gaps
    return Exponential(max(profile.elapsed, 1) * NANOSECOND)
