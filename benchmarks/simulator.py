"""How fast models are simulated: SimPy, and both engines of Flux, on one canonical model.

Flows arrive without memory at four processors, run a function, take a constraint, run another
under it, and end. Run `python benchmarks/simulator.py`; with `--write`, the results beside it are
renewed. Engines take turns in every round, so that a disturbance of the machine hits all of them.
CPU time is what is compared: others on the machine don't add to it.
"""

import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from random import Random

import simpy
from record import record

from flux.simulation.engines import cpp, python
from flux.simulation.engines.cpp.build import build
from flux.simulation.engines.cpp.text import emit_program
from flux.simulation.engines.features import features_of
from flux.simulation.model import (
    Constraint,
    Function,
    Give,
    Machine,
    Model,
    Open,
    Route,
    Run,
    Source,
    Take,
)
from flux.simulation.times import Exponential

Process = Generator[simpy.Event, object]
"""What SimPy takes for one: it goes on when the events that it yields have come."""

ROUNDS = 7
RATE, PROCESSORS, FIRST, SECOND = 2.2, 4, 1.0, 0.25

STEPS = (Run(0), Take(0, "writer"), Run(1), Give(0, "writer"))
MODEL = Model(
    program="canonical",
    sources=(Source("arrive", Open(Exponential(1 / RATE)), (Route("all", 1.0, STEPS),)),),
    functions=(Function("Run", Exponential(FIRST)), Function("Locked", Exponential(SECOND))),
    constraints=(Constraint("lock"),),
    machine=Machine(processors=PROCESSORS),
)


@dataclass(frozen=True, slots=True)
class Engine:
    """Something that simulates so many flows."""

    name: str
    flows: int
    run: Callable[[int], object]


def in_simpy(flows: int) -> float:
    """The same in SimPy, with less that is counted: the mean latency only."""
    environment, random = simpy.Environment(), Random(1)  # noqa: S311 - chance, not secrets
    processors = simpy.Resource(environment, PROCESSORS)
    lock = simpy.Resource(environment)
    times: list[float] = []

    def flow() -> Process:
        arrived = environment.now
        processor = processors.request()
        yield processor
        yield environment.timeout(random.expovariate(1 / FIRST))
        taken = lock.request()
        if not taken.triggered:
            processors.release(processor)
            yield taken
            processor = processors.request()
            yield processor
        yield environment.timeout(random.expovariate(1 / SECOND))
        lock.release(taken)
        processors.release(processor)
        times.append(environment.now - arrived)

    def arrivals() -> Process:
        for _ in range(flows):
            yield environment.timeout(random.expovariate(RATE))
            environment.process(flow())

    environment.process(arrivals())
    environment.run()
    return statistics.fmean(times)


ENGINES = (
    Engine("SimPy", 20_000, in_simpy),
    Engine("Python", 100_000, lambda flows: python.simulate(MODEL, 1, flows, 0)),
    Engine("C++", 1_000_000, lambda flows: cpp.simulate(MODEL, 1, flows, 0)),
)


def measure() -> dict[str, list[tuple[float, float]]]:
    """The CPU time and the time of a flow in each round, in seconds, by engine."""
    for engine in ENGINES:
        engine.run(1000)
    measured: dict[str, list[tuple[float, float]]] = {engine.name: [] for engine in ENGINES}
    for _ in range(ROUNDS):
        for engine in ENGINES:
            cpu, start = cpu_seconds(), time.perf_counter()
            engine.run(engine.flows)
            spent = cpu_seconds() - cpu, time.perf_counter() - start
            measured[engine.name].append((spent[0] / engine.flows, spent[1] / engine.flows))
    return measured


def cpu_seconds() -> float:
    """What this process and those that it started have used."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, who))


def compilation() -> list[tuple[float, float]]:
    """The CPU time and the time that the model's program takes to compile, in each round."""
    text, measured = emit_program(MODEL, features_of(MODEL)), []
    with tempfile.TemporaryDirectory() as cache:
        os.environ["FLUX_CACHE"] = cache
        build(text)  # and what all simulators share
        for number in range(ROUNDS):
            cpu, start = cpu_seconds(), time.perf_counter()
            build(f"{text}// {number}\n")
            measured.append((cpu_seconds() - cpu, time.perf_counter() - start))
        del os.environ["FLUX_CACHE"]
    return measured


def table(measured: dict[str, list[tuple[float, float]]]) -> str:
    """Medians and extremes, and the median of the ratios to SimPy within a round, as Markdown."""
    lines = [
        "| engine | us CPU a flow, median | min | max | flows a second, median | times SimPy |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name, rounds in measured.items():
        cpu = [1e6 * spent for spent, _ in rounds]
        rate = statistics.median(1 / spent for _, spent in rounds)
        pairs = zip(measured["SimPy"], rounds, strict=True)
        ratio = statistics.median(other[0] / own[0] for other, own in pairs)
        lines.append(
            f"| {name} | {statistics.median(cpu):.3g} | {min(cpu):.3g} | {max(cpu):.3g}"
            f" | {rate:,.0f} | {ratio:.1f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Print the table, and keep it if asked to."""
    measured, compiled = measure(), compilation()
    cpu, wall = (statistics.median(each) for each in zip(*compiled, strict=True))
    sentence = f"The program in C++ is compiled in {cpu:.2f} s of CPU time, {wall:.2f} s."
    record(
        "simulator",
        "Simulated flows",
        f"{table(measured)}\n\n{sentence}",
        {"rounds": ROUNDS, "seconds": measured, "compiled": compiled, "simpy": simpy.__version__},
    )


if __name__ == "__main__":
    main()
