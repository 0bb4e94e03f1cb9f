"""Files of parameters, to begin with: a template for a program, or what a model already says.

What is written is read back as the same model.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from flux.plan.model import Plan
from flux.runtime.ways import Part
from flux.simulation.model import Function, Machine, Model, Open, Source
from flux.simulation.parameters.arriving import written_arrivals
from flux.simulation.parameters.distributions import written_time
from flux.simulation.parameters.hardware import written_machine, written_part
from flux.simulation.parameters.reading import cases_of
from flux.simulation.routes.events import Called
from flux.simulation.routes.steps import Routes
from flux.simulation.times import Constant, Empirical, Exponential, Time

HEAD = """\
# Parameters of {program}, for
#
#     flux simulate {program} --parameters {file}
#
# Times are texts such as "150us", "2ms" and "0.5s". One alone is always the same; others vary:
#
#     {{exponential = "2ms"}}
#     {{uniform = {{low = "1ms", high = "3ms"}}}}
#     {{erlang = {{mean = "2ms", shape = 4}}}}
#     {{lognormal = {{mean = "2ms", cv = 1.5}}}}       cv: the standard deviation over the mean
#     {{hyperexponential = {{means = ["1ms", "20ms"], weights = [9, 1]}}}}
#     {{measured = {{bounds = [0.001, 0.002, 0.004], counts = [70, 30]}}}}     bounds in seconds
"""
SESSIONS = """
# How many sessions there are; each flow is of any of them.
sessions = {sessions}
"""
MACHINE = """
# What carries the flows. `runtime` is thread, pool (with a number of `threads`) or event.
# `max_flows` bounds the flows inside; who finds no place waits, or is lost with drops = true.
# `discipline` is hold (a flow keeps its processor until it waits for something), fifo (it queues
# anew before each function) or ps (all share). `policy` is that of constraints: barging, as Flux's
# locks are, or handoff. `wakeup` is how long an idle processor takes to begin; `turns`: sources
# need a processor, too, to hand flows on; `gil`: functions need Python's lock; `overhead` is
# processor time of a flow outside of its functions.
[machine]
"""
SOURCES = """
# When flows come: `rate`, a second, by chance (Poisson), with burst = 5 by fives; or `between`,
# a time; or `recorded`, a list of seconds between flows; or `clients`, who each wait for their
# flow and `think` in between.
"""
FUNCTIONS = """
# `cpu` is the processor time of a call; `io` the time before, in which it needs none; `errors`
# is how probable it is that a call fails.
"""
CASES = """
# How probable each case is; those of a node add up to 1.
"""
PATHS = """
# How many flows take which path, by number (`flux paths {program}`). Where this is given, `errors`
# and [cases] don't count: take the table out to have them count instead.
"""
WIDTH = 96


@dataclass(frozen=True, slots=True)
class Shares:
    """How often functions fail and cases are chosen."""

    errors: Mapping[str, float] = field(default_factory=dict)
    cases: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


def template(plan: Plan) -> str:
    """A file to be filled in for a program; as it stands it is a valid one."""
    routes = Routes(plan)
    scoped = any(each.scope == "session" for each in routes.constraints)
    model = Model(
        program=plan.name,
        sources=tuple(Source(name, Open(Exponential(0.1)), ()) for name in routes.paths.loops),
        functions=tuple(Function(name, Constant(0.001)) for name in routes.functions),
        constraints=routes.constraints,
        machine=Machine(processors=2, threads=8, policy="barging"),
        sessions=100 if scoped else 1,
    )
    cases = {node: _even(names) for node, names in cases_of(plan).items()}
    return "".join(_file(model, Shares(cases=cases)))


def written(model: Model, plan: Plan) -> str:
    """The file of a model that was made for a plan, with the paths that its flows take."""
    routes = Routes(plan)
    silent = routes.paths.loops.keys() - {source.name for source in model.sources}
    return "".join(_file(model, shares_of(model, routes), sorted(silent)))


def shares_of(model: Model, routes: Routes) -> Shares:
    """What the weights of a model's routes say of each function and case by itself."""
    calls, failures, cases = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for source in model.sources:
        for route in source.routes:
            if route.path is not None:
                for event in routes.paths.way(source.name, route.path).events:
                    if isinstance(event, Called) and event.kind != "opening":
                        calls[event.name] += route.weight  # type: ignore[assignment] # not all are whole
                        failures[event.name] += route.weight * event.failed  # type: ignore[assignment] # the same
                for chosen in _chosen(routes.parts(source.name, route.path)):
                    cases[chosen] += route.weight  # type: ignore[assignment] # the same
    errors = {name: failures[name] / count for name, count in calls.items() if failures[name]}
    found = cases_of(routes.plan)
    return Shares(errors, {node: _shares(cases, node, names) for node, names in found.items()})


def _chosen(parts: Iterable[Part]) -> Iterator[tuple[str, str]]:
    """The cases on a path, those without a match included."""
    for part in parts:
        if part.case:
            yield part.node, part.case
        elif part.text.endswith(": no match"):
            yield part.text.removesuffix(": no match"), "no match"


def _shares(
    counts: Mapping[tuple[str, str], float], node: str, names: tuple[str, ...]
) -> Mapping[str, float]:
    """Of a node that no flow came by, each case is as probable."""
    total = sum(counts.get((node, name), 0.0) for name in names)
    return (
        {name: counts.get((node, name), 0.0) / total for name in names} if total else _even(names)
    )


def _even(names: tuple[str, ...]) -> Mapping[str, float]:
    """No match is unlikely."""
    cases = [name for name in names if name != "no match"]
    return {name: 1 / len(cases) if name in cases else 0.0 for name in names}


def _file(model: Model, shares: Shares, silent: Iterable[str] = ()) -> Iterator[str]:
    """`silent` are the sources without flows."""
    stem = PurePath(model.program).stem
    yield HEAD.format(program=model.program, file=f"{stem}.toml")
    if _has_sessions(model):
        yield SESSIONS.format(sessions=model.sessions)
    gil = bool(model.functions) and all(each.gil == 1 for each in model.functions)
    yield MACHINE
    yield from _lines(written_machine(model.machine, gil=gil))
    yield SOURCES
    for source in model.sources:
        yield f"[sources.{source.name}]\n"
        yield from _lines(written_arrivals(source.arrivals))
        if source.spreads:
            yield "spreads = true\n"
        yield from _paths(source, model.program)
    yield from (f"[sources.{name}]\nrate = 0\n" for name in silent)
    yield FUNCTIONS
    yield from _functions(model.functions, shares, gil=gil)
    yield from _cases(shares.cases)


def _has_sessions(model: Model) -> bool:
    return model.sessions > 1 or any(each.scope == "session" for each in model.constraints)


def _paths(source: Source, program: str) -> Iterator[str]:
    """The routes that were found for paths."""
    numbered = [route for route in source.routes if route.path is not None]
    if numbered:
        yield PATHS.format(program=program)
        yield f"[sources.{source.name}.paths]\n"
        for route in numbered:
            weight = int(route.weight) if route.weight == int(route.weight) else route.weight
            yield f"{route.path} = {weight!r}  # {route.name}\n"


def _functions(functions: Iterable[Function], shares: Shares, *, gil: bool) -> Iterator[str]:
    """First those that take a line each, then those with times that were measured."""
    entries = [(each, _entries(each, shares, gil=gil)) for each in functions]
    yield "[functions]\n"
    for function, entry in entries:
        if not _is_measured(function):
            yield f"{function.name} = {{{', '.join(entry)}}}\n"
    for function, entry in entries:
        if _is_measured(function):
            yield f"\n[functions.{function.name}]\n"
            yield from _lines(entry)
            yield from _histograms(function)


def _is_measured(function: Function) -> bool:
    return any(isinstance(time, Empirical) for _, time in _times(function))


def _entries(function: Function, shares: Shares, *, gil: bool) -> Iterator[str]:
    for name, time in _times(function):
        if not isinstance(time, Empirical):
            yield f"{name} = {written_time(time)}"
    yield f"errors = {shares.errors.get(function.name, 0.0)!r}"
    if function.gil != gil:
        yield f"gil = {written_part(function.gil)}"


def _histograms(function: Function) -> Iterator[str]:
    for name, time in _times(function):
        if isinstance(time, Empirical):
            yield f"[functions.{function.name}.{name}.measured]\n"
            yield from _list("bounds", time.bounds)
            yield from _list("counts", time.counts)


def _times(function: Function) -> tuple[tuple[str, Time], ...]:
    return ("cpu", function.cpu), ("io", function.io)


def _list(name: str, values: Iterable[float]) -> Iterator[str]:
    """A list on lines that are not too long."""
    line = f"{name} = ["
    for value in values:
        if len(line) + len(repr(value)) > WIDTH:
            yield f"{line.rstrip()}\n"
            line = "  "
        line += f"{value!r}, "
    yield f"{line.rstrip(', ')}]\n"


def _cases(cases: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    if cases:
        yield CASES
    for node, chances in cases.items():
        yield f"[cases.{node}]\n"
        yield from _lines(f'"{name}" = {chance!r}' for name, chance in chances.items())


def _lines(lines: Iterable[str]) -> Iterator[str]:
    return (f"{line}\n" for line in lines)
