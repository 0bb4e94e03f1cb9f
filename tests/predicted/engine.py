"""A stand-in for the engines: formulas and a little chance instead of events.

Each resource makes flows wait as long as in a queue M/M/1 with its utilisation, so more of any
resource never makes a flow slower, and what a model carries at most is known beforehand.
"""

import signal
import subprocess
from math import frexp, log
from random import Random

from flux.simulation.arithmetic import mean_time
from flux.simulation.model import Closed, Run
from flux.simulation.prediction.demands import bounds, chances, offered
from flux.simulation.prediction.running import Engine, runner
from flux.simulation.result import (
    BUCKETS,
    SHORTEST,
    ConstraintUse,
    FunctionUse,
    Latencies,
    Result,
)

POINTS = 400
PARTS = 20


class SaturatedError(Exception):
    """Flows come faster than they can end."""


def simulate(model, seed, flows, warmup):
    """What a run of the model comes to, about."""
    del warmup
    random = Random(seed)
    limits = {(each.resource.kind, each.resource.name): each.rate for each in bounds(model)}
    least = min(limits.values())
    rate = offered(model) or 0.97 * least
    if rate >= least and not model.machine.drops:
        raise SaturatedError
    throughput = min(rate, 0.99 * least) * (1 + random.gauss(0, 0.002))
    waits = {key: rate / limit / max(limit - rate, 1) for key, limit in limits.items()}
    alone = _alone(model)
    latency = (alone + sum(waits.values())) * (1 + random.gauss(0, 0.01))
    if isinstance(model.sources[0].arrivals, Closed):
        latency = model.sources[0].arrivals.clients / throughput
    return _result(model, flows, throughput, latency, waits)


def heard(*_job):
    """Whether the process that runs a job would hear Ctrl-C."""
    return signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def bucket_of(time):
    """Where a latency is counted."""
    part, octave = frexp(time / SHORTEST)
    return max((octave - 1) * BUCKETS + int((2 * part - 1) * BUCKETS), 0)


def latencies(count, average):
    """Exponential latencies with such a mean, at evenly spaced quantiles."""
    times = [-average * log(1 - (place + 0.5) / POINTS) for place in range(POINTS)]
    buckets = {}
    for place, time in enumerate(times):
        bucket = bucket_of(time)
        share = count * (place + 1) // POINTS - count * place // POINTS
        buckets[bucket] = buckets.get(bucket, 0) + share
    buckets = {bucket: share for bucket, share in buckets.items() if share}
    squares = count * 2 * average**2
    return Latencies(count, count * average, squares, max(times), buckets)


def run(jobs):
    """All jobs, in this process."""
    with runner(ENGINE, 1) as runs:
        return runs(jobs)


def _alone(model):
    return sum(chance * _lasts(model, route) for route, chance in chances(model))


def _lasts(model, route):
    return sum(_time(model, step) for step in route.steps)


def _time(model, step):
    if not isinstance(step, Run):
        return 0.0
    function = model.functions[step.function]
    return mean_time(function.cpu) + mean_time(function.io)


def _first(model):
    """The function that flows begin with."""
    steps = model.sources[0].routes[0].steps
    return next(step.function for step in steps if isinstance(step, Run))


def _use(function, calls, waiting, *, begins):
    times = mean_time(function.cpu), 0.0 if begins else waiting, mean_time(function.io)
    return FunctionUse(
        round(calls), *(calls * each for each in (*times, waiting if begins else 0.0))
    )


def _result(model, flows, throughput, latency, waits):
    elapsed = flows / throughput
    machine = model.machine
    calls = [_calls(model, place) * flows for place in range(len(model.functions))]
    waiting = waits.get(("processors", "processors"), 0.0) * flows / sum(calls)
    functions = tuple(
        _use(each, count, waiting, begins=place == _first(model))
        for place, (count, each) in enumerate(zip(calls, model.functions, strict=True))
    )
    held = flows * 0.001
    constraints = tuple(
        ConstraintUse(
            flows, flows // 10, waits.get(("constraint", each.name), 0.0) * flows, held, held
        )
        for each in model.constraints
    )
    busy = sum(each.cpu for each in functions)
    alone = (busy + sum(each.io for each in functions)) if machine.threads else 0.0
    return Result(
        elapsed=elapsed,
        arrived=flows,
        completed=flows,
        dropped=0,
        latencies=latencies(flows, latency),
        batches=(latency,) * PARTS,
        processors=busy,
        gil=0.0,
        threads=alone,
        outside=0.0,
        queued=waits.get(("threads", "threads of the pool"), 0.0) * flows,
        inside=latency * flows,
        functions=functions,
        constraints=constraints,
        routes=_routes(model, flows, latency),
    )


def _calls(model, place):
    return sum(
        chance * sum(isinstance(step, Run) and step.function == place for step in route.steps)
        for route, chance in chances(model)
    )


def _routes(model, flows, latency):
    """All wait for as long, whichever route they go."""
    waiting = latency - _alone(model)
    whole = [(source, sum(route.weight for route in source.routes)) for source in model.sources]
    return tuple(
        tuple(
            latencies(round(flows * route.weight / weight), _lasts(model, route) + waiting)
            for route in source.routes
        )
        for source, weight in whole
    )


ENGINE = Engine(simulate, SaturatedError)


def endless(pipe, interrupted, *_job):
    """A run by a process that writes a dot, interrupts another one, and never ends.

    Who has begun it waits for it by then, and isn't still beginning it.
    """
    awaited = "until grep -q 'State:.S' /proc/$PPID/status; do :; done"
    interrupt = f"printf .; kill -INT {interrupted}; exec tail -f /dev/null"
    script = f"exec >{pipe}; {awaited}; {interrupt}"
    subprocess.run(["/bin/sh", "-c", script], check=True)
