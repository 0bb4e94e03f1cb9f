"""What the simulator reads: `flux/simulator/input.hpp` asks for the same, in the same order."""

from collections.abc import Iterator
from itertools import accumulate

from flux.simulation.engines.draws import Prepared, prepare
from flux.simulation.model import Closed, Model, Open, Recorded, Source
from flux.simulation.times import NOTHING


def numbers(model: Model, seed: int, flows: int, warmup: int, most_flows: int) -> str:
    """The words of a run."""
    machine = model.machine
    words = [seed, flows, warmup, most_flows, machine.processors]
    words += [machine.threads or 0, machine.max_flows or 0]
    return " ".join(
        [
            *map(str, words),
            *map(_number, (machine.patience, machine.wakeup, machine.gil_interval, model.sessions)),
            *_body(model),
        ]
    )


def _body(model: Model) -> Iterator[str]:
    yield from _time(prepare(model.machine.overhead))
    yield _number(1.0 - model.machine.overhead_gil)
    for function in model.functions:
        yield from _time(prepare(function.cpu))
        yield from _time(prepare(function.io))
        yield _number(1.0 - function.gil)
    for source in model.sources:
        yield from _arrivals(source)
        yield from _list([*accumulate(route.weight for route in source.routes)])


def _arrivals(source: Source) -> Iterator[str]:
    match source.arrivals:
        case Open(between, burst):
            yield from ("0", str(burst), *_time(prepare(between)), "0")
        case Recorded(between):
            yield from ("1", "1", *_time(prepare(NOTHING)), *_list(between))
        case Closed(clients, think):
            yield from ("2", str(clients), *_time(prepare(think)), "0")


def _time(time: Prepared) -> Iterator[str]:
    yield str(int(time.kind))
    yield from _list(time.numbers)


def _list(values: tuple[float, ...] | list[float]) -> Iterator[str]:
    yield str(len(values))
    yield from map(_number, values)


def _number(value: float) -> str:
    """A number with all of its bits."""
    return float(value).hex()
