"""What one run says, as numbers by name; the same names for each run, so that runs can be compared.

    ("throughput",)  ("latency", "p95")  ("use", "constraint", "cache")
    ("node", "Compress", "service")  ("flow", "I/O")  ("constraint", "cache", "waiting")
    ("route", "Listen", "Listen -> ReadRequest -> Reply")

Times are seconds: of nodes a call's, of constraints a taking's, of `flow` a flow's on average.
"""

from collections.abc import Iterator, Mapping
from itertools import chain

from flux.simulation.model import Model, Run, Take
from flux.simulation.prediction.demands import Resource, resources
from flux.simulation.prediction.quantiles import mean, quantile
from flux.simulation.result import FunctionUse, Result

Key = tuple[str, ...]
Figures = Mapping[Key, float]

QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
LATENCIES = ("mean", *QUANTILES)
PARTS = (
    "service",
    "waiting for a processor",
    "waiting for constraints",
    "I/O",
    "waiting for a thread",
    "waiting for a place",
    "other",
)
"""What a flow's time consists of."""


def figures(model: Model, result: Result) -> Figures:
    """All that a run says."""
    parts = (_overall(result), _uses(model, result), _calls(model, result), _routes(model, result))
    return dict(chain(*parts)) | _flow(result)


def _overall(result: Result) -> Iterator[tuple[Key, float]]:
    yield ("throughput",), _part(result.completed, result.elapsed)
    yield ("dropped",), _part(result.dropped, result.arrived)
    yield ("latency", "mean"), mean(result.latencies)
    for name, part in QUANTILES.items():
        yield ("latency", name), quantile(result.latencies, part)


def _uses(model: Model, result: Result) -> Iterator[tuple[Key, float]]:
    """For which part of the time each resource was in use, of the whole that there is of it."""
    for each in resources(model):
        used = _used(model, result, each)
        yield ("use", each.kind, each.name), min(_part(used, result.elapsed * each.count), 1.0)


def _used(model: Model, result: Result, resource: Resource) -> float:
    match resource.kind:
        case "processors":
            return result.processors
        case "gil":
            return result.gil
        case "threads":
            return result.threads
        case "places":
            return result.inside - result.outside
        case "constraint":
            place = [each.name for each in model.constraints].index(resource.name)
            use = result.constraints[place]
            # Of many sessions it is the mean of them that tells, and each is held by somebody.
            return use.busy if resource.count == 1 else use.holding


def _calls(model: Model, result: Result) -> Iterator[tuple[Key, float]]:
    """What a call of each node and a taking of each constraint costs."""
    awaited = _awaited(model, result)
    for place, (function, use) in enumerate(zip(model.functions, result.functions, strict=True)):
        yield from _node(function.name, use, awaited.get(place, 0.0), result.completed)
    for constraint, held in zip(model.constraints, result.constraints, strict=True):
        key = ("constraint", constraint.name)
        yield (*key, "taken"), _part(held.taken, result.completed)
        yield (*key, "contended"), _part(held.contended, held.taken)
        yield (*key, "waiting"), _part(held.waiting, held.taken)
        yield (*key, "holding"), _part(held.holding, held.taken)


def _node(
    name: str, use: FunctionUse, awaited: float, completed: int
) -> Iterator[tuple[Key, float]]:
    key = ("node", name)
    yield (*key, "calls"), _part(use.calls, completed)
    yield (*key, "service"), _part(use.cpu, use.calls)
    yield (*key, "waiting for a processor"), _part(use.waiting + use.beginning, use.calls)
    yield (*key, "waiting to begin"), _part(use.beginning, use.calls)
    yield (*key, "waiting for constraints"), _part(awaited, use.calls)
    yield (*key, "I/O"), _part(use.io, use.calls)


def _flow(result: Result) -> dict[Key, float]:
    """What a flow's time consists of; their sum is all of it."""
    sums = {
        "service": sum(each.cpu for each in result.functions),
        "waiting for a processor": sum(each.waiting + each.beginning for each in result.functions),
        "waiting for constraints": sum(each.waiting for each in result.constraints),
        "I/O": sum(each.io for each in result.functions),
        "waiting for a thread": result.queued,
        "waiting for a place": result.outside,
    }
    sums["other"] = max(result.inside - sum(sums.values()), 0.0)
    return {("flow", name): _part(total, result.completed) for name, total in sums.items()}


def _routes(model: Model, result: Result) -> Iterator[tuple[Key, float]]:
    """Which part of all flows goes each route."""
    for source, found in zip(model.sources, result.routes, strict=True):
        for route, latencies in zip(source.routes, found, strict=True):
            yield ("route", source.name, route.name), _part(latencies.count, result.completed)


def _awaited(model: Model, result: Result) -> dict[int, float]:
    """How long constraints are waited for before each function, by the takings that precede it."""
    takings = _takings(model, result)
    whole: dict[int, float] = {}
    for (constraint, _), count in takings.items():
        whole[constraint] = whole.get(constraint, 0.0) + count
    awaited: dict[int, float] = {}
    for (constraint, function), count in takings.items():
        waiting = result.constraints[constraint].waiting * count / whole[constraint]
        awaited[function] = awaited.get(function, 0.0) + waiting
    return awaited


def _takings(model: Model, result: Result) -> dict[tuple[int, int], int]:
    """How often flows took each constraint to run each function next."""
    takings: dict[tuple[int, int], int] = {}
    for source, found in zip(model.sources, result.routes, strict=True):
        for route, latencies in zip(source.routes, found, strict=True):
            taken, count = list[int](), latencies.count
            for step in route.steps if count else ():
                if isinstance(step, Take):
                    taken.append(step.constraint)
                elif isinstance(step, Run):
                    for each in taken:
                        key = (each, step.function)
                        takings[key] = takings.get(key, 0) + count
                    taken = []
    return takings


def _part(amount: float, whole: float) -> float:
    return amount / whole if whole else 0.0
