"""What carries flows, in files of parameters: the table `machine`."""

from collections.abc import Iterator, Mapping
from typing import cast

from flux.simulation.model import Discipline, Machine, Policy
from flux.simulation.parameters.distributions import read_duration, read_time, written_time
from flux.simulation.parameters.durations import text_of
from flux.simulation.parameters.mistakes import Mistakes

KEY = ("machine",)
RUNTIMES = ("thread", "pool", "event")
DISCIPLINES = ("hold", "fifo", "ps")
POLICIES = ("barging", "handoff")
TIMES = {"patience": "1ms", "wakeup": "0s", "gil_interval": "5ms"}
"""With the values that they have where they aren't given."""
MACHINE = (
    *("processors", "runtime", "threads", "max_flows", "drops", "discipline", "policy"),
    *TIMES,
    *("turns", "gil", "overhead", "overhead_gil"),
)
MOST = 1_000_000
MOST_PROCESSORS = 65_536


def read_machine(mistakes: Mistakes, value: object) -> tuple[bool, Machine]:
    """Whether functions need Python's lock, and the machine."""
    table = mistakes.table(KEY, value)
    mistakes.known(KEY, table, MACHINE)
    runtime = mistakes.choice((*KEY, "runtime"), table.get("runtime", "thread"), RUNTIMES)
    times = {name: _time(mistakes, table, name) for name in TIMES}
    gil = mistakes.truth((*KEY, "gil"), table.get("gil", False))
    machine = Machine(
        processors=_count(mistakes, table, "processors", MOST_PROCESSORS) or 1,
        discipline=cast("Discipline", _word(mistakes, table, "discipline", DISCIPLINES)),
        loops=runtime == "event",
        threads=_threads(mistakes, table, runtime),
        max_flows=_count(mistakes, table, "max_flows", MOST),
        drops=mistakes.truth((*KEY, "drops"), table.get("drops", False)),
        policy=cast("Policy", _word(mistakes, table, "policy", POLICIES)),
        patience=times["patience"],
        wakeup=times["wakeup"],
        turns=mistakes.truth((*KEY, "turns"), table.get("turns", False)),
        gil_interval=times["gil_interval"],
        overhead=read_time(mistakes, (*KEY, "overhead"), table.get("overhead", "0s")),
        overhead_gil=mistakes.part((*KEY, "overhead_gil"), table.get("overhead_gil", gil)),
    )
    return gil, machine


def runtime_of(machine: Machine) -> str:
    """The runtime that a machine is like."""
    if machine.loops:
        return "event"
    return "thread" if machine.threads is None else "pool"


def written_machine(machine: Machine, *, gil: bool) -> Iterator[str]:
    """A machine as lines of TOML."""
    yield f"processors = {machine.processors}"
    yield f'runtime = "{runtime_of(machine)}"'
    if machine.threads is not None:
        yield f"threads = {machine.threads}"
    if machine.max_flows is not None:
        yield f"max_flows = {machine.max_flows}"
    yield f"drops = {str(machine.drops).lower()}"
    yield f'discipline = "{machine.discipline}"'
    yield f'policy = "{machine.policy}"'
    for name in TIMES:
        yield f'{name} = "{text_of(getattr(machine, name))}"'
    yield f"turns = {str(machine.turns).lower()}"
    yield f"gil = {str(gil).lower()}"
    yield f"overhead = {written_time(machine.overhead)}"
    if machine.overhead_gil != gil:
        yield f"overhead_gil = {written_part(machine.overhead_gil)}"


def written_part(part: float) -> str:
    """A part of a whole as TOML: `true` for all of it, `false` for nothing."""
    return str(bool(part)).lower() if part in {0, 1} else repr(part)


def _word(
    mistakes: Mistakes, table: Mapping[str, object], name: str, words: tuple[str, ...]
) -> str:
    return mistakes.choice((*KEY, name), table.get(name, words[0]), words)


def _time(mistakes: Mistakes, table: Mapping[str, object], name: str) -> float:
    return read_duration(mistakes, (*KEY, name), table.get(name, TIMES[name]))


def _count(mistakes: Mistakes, table: Mapping[str, object], name: str, most: int) -> int | None:
    if name not in table:
        return None
    return mistakes.count((*KEY, name), table[name], 1, most)


def _threads(mistakes: Mistakes, table: Mapping[str, object], runtime: str) -> int | None:
    threads = _count(mistakes, table, "threads", MOST)
    if runtime == "pool" and threads is None:
        mistakes.add(KEY, "a pool needs its number of `threads`: say threads = 8, for example")
    if runtime != "pool" and threads is not None and table.get("runtime", "thread") == runtime:
        mistakes.add(
            (*KEY, "threads"),
            f'the runtime "{runtime}" has no use for it: leave it out, or say runtime = "pool"',
        )
    return threads
