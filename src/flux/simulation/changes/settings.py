"""What else than functions and constraints a change of a model can set."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from flux.simulation.arrivals import at_rate, rate_of, with_clients
from flux.simulation.changes.words import Words
from flux.simulation.model import Machine, Model
from flux.simulation.parameters import durations
from flux.simulation.parameters.arriving import LEAST_RATE, MOST_RATE
from flux.simulation.parameters.hardware import (
    DISCIPLINES,
    MOST,
    MOST_PROCESSORS,
    POLICIES,
    RUNTIMES,
)
from flux.simulation.parameters.reading import MOST_SESSIONS
from flux.simulation.times import NOTHING


def _on_machine(model: Model, **changes: object) -> Model:
    machine: Machine = replace(model.machine, **changes)  # type: ignore[arg-type] # of any field
    return replace(model, machine=machine)


def _processors(model: Model, words: Words, value: str) -> Model:
    return _on_machine(model, processors=words.count(value, MOST_PROCESSORS))


def _threads(model: Model, words: Words, value: str) -> Model:
    return _on_machine(model, threads=words.count(value, MOST), loops=False)


def _max_flows(model: Model, words: Words, value: str) -> Model:
    return _on_machine(model, max_flows=None if value == "none" else words.count(value, MOST))


def _runtime(model: Model, words: Words, value: str) -> Model:
    runtime = words.choice(value, RUNTIMES)
    if runtime == "pool" and model.machine.threads is None:
        raise words.error("a pool needs its number of threads: say threads=8 instead")
    threads = model.machine.threads if runtime == "pool" else None
    return _on_machine(model, loops=runtime == "event", threads=threads)


def _discipline(model: Model, words: Words, value: str) -> Model:
    return _on_machine(model, discipline=words.choice(value, DISCIPLINES))


def _policy(model: Model, words: Words, value: str) -> Model:
    return _on_machine(model, policy=words.choice(value, POLICIES))


def _wakeup(model: Model, words: Words, value: str) -> Model:
    try:
        return _on_machine(model, wakeup=durations.seconds(value))
    except ValueError as error:
        raise words.error(str(error)) from None


def _sessions(model: Model, words: Words, value: str) -> Model:
    return replace(model, sessions=words.count(value, MOST_SESSIONS))


def _rate(model: Model, words: Words, value: str) -> Model:
    rate = words.number(value, MOST_RATE, LEAST_RATE)
    if all(rate_of(source.arrivals) == 0 for source in model.sources):
        raise words.error("no source sends any flow: give each its arrivals instead")
    return at_rate(model, rate)


def _clients(model: Model, words: Words, value: str) -> Model:
    return with_clients(model, words.count(value, MOST), NOTHING)


SETTINGS: Mapping[str, Callable[[Model, Words, str], Model]] = {
    "processors": _processors,
    "threads": _threads,
    "max_flows": _max_flows,
    "runtime": _runtime,
    "discipline": _discipline,
    "policy": _policy,
    "wakeup": _wakeup,
    "sessions": _sessions,
    "rate": _rate,
    "clients": _clients,
}
