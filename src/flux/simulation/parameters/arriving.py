"""When flows come, in files of parameters.

    rate = 50.0                          # a second, by chance (Poisson); with burst = 5 by fives
    between = {erlang = {mean = "20ms", shape = 4}}
    recorded = [0.02, 0.3, 0.001]        # seconds between flows, as they were once recorded
    clients = 20                         # each waits for its flow, and thinks in between
    think = "1s"

One of `rate`, `between`, `recorded` and `clients` is needed. With rate = 0 a source has no flows;
else it has one in 30 years at least.
"""

from collections.abc import Iterator, Mapping

from flux.simulation.arithmetic import mean_time
from flux.simulation.model import Arrivals, Closed, Open, Recorded
from flux.simulation.parameters.distributions import read_time, written_time
from flux.simulation.parameters.mistakes import Key, Mistakes
from flux.simulation.times import Exponential, Time

KINDS = ("rate", "between", "recorded", "clients")
KEYS = (*KINDS, "burst", "think", "spreads", "paths")
LEAST_RATE, MOST_RATE = 1e-9, 1e9
MOST_BURST = 1_000_000
MOST_CLIENTS = 1_000_000
HARMLESS = Open(Exponential(1.0))


def read_arrivals(
    mistakes: Mistakes, key: Key, table: Mapping[str, object], *, present: bool
) -> Arrivals | None:
    """When flows of a source come, None: never; one that isn't `present` was complained of."""
    mistakes.known(key, table, KEYS)
    kinds = [kind for kind in KINDS if kind in table]
    if len(kinds) != 1:
        if present:
            mistakes.add(key, f"say when flows come, by one of {', '.join(KINDS)}")
        return HARMLESS
    _check_company(mistakes, key, table, kinds[0])
    match kinds[0]:
        case "rate":
            return _rate(mistakes, key, table)
        case "between":
            return _between(mistakes, key, table)
        case "recorded":
            return _recorded(mistakes, (*key, "recorded"), table["recorded"])
        case _:
            clients = mistakes.count((*key, "clients"), table["clients"], 1, MOST_CLIENTS)
            think = read_time(mistakes, (*key, "think"), table.get("think", "0s"))
            return Closed(clients, think)


def _check_company(mistakes: Mistakes, key: Key, table: Mapping[str, object], kind: str) -> None:
    if "think" in table and kind != "clients":
        mistakes.add((*key, "think"), "only clients think: say `clients`, or leave it out")
    if "burst" in table and kind not in {"rate", "between"}:
        mistakes.add((*key, "burst"), "bursts need `rate` or `between`: leave it out")


def _rate(mistakes: Mistakes, key: Key, table: Mapping[str, object]) -> Arrivals | None:
    burst = _burst(mistakes, key, table)
    if table["rate"] == 0 and table["rate"] is not False:
        return None
    rate = mistakes.number((*key, "rate"), table["rate"], LEAST_RATE, MOST_RATE)
    return Open(Exponential(burst / rate), burst)


def _between(mistakes: Mistakes, key: Key, table: Mapping[str, object]) -> Arrivals:
    between = read_time(mistakes, (*key, "between"), table["between"])
    if not mean_time(between):
        mistakes.add((*key, "between"), "all flows would come at once: give a time above 0")
    return Open(between, _burst(mistakes, key, table))


def _burst(mistakes: Mistakes, key: Key, table: Mapping[str, object]) -> int:
    return mistakes.count((*key, "burst"), table.get("burst", 1), 1, MOST_BURST)


def _recorded(mistakes: Mistakes, key: Key, value: object) -> Arrivals:
    if not isinstance(value, list) or not value:
        mistakes.add(key, "list the seconds between flows, as in [0.02, 0.3]")
        return HARMLESS
    gaps = tuple(mistakes.number(key, each) for each in value)
    if not sum(gaps):
        mistakes.add(key, "all flows would come at once: give a time above 0")
        return HARMLESS
    return Recorded(gaps)


def written_arrivals(arrivals: Arrivals) -> Iterator[str]:
    """Arrivals as lines of TOML."""
    match arrivals:
        case Open(between=between, burst=burst):
            yield _written_between(between, burst)
            if burst != 1:
                yield f"burst = {burst}"
        case Recorded(between=gaps):
            yield f"recorded = {list(gaps)}"
        case Closed(clients=clients, think=think):
            yield f"clients = {clients}"
            yield f"think = {written_time(think)}"


def _written_between(between: Time, burst: int) -> str:
    """A rate, if that says the same to the last bit."""
    if isinstance(between, Exponential) and between.mean:
        rate = burst / between.mean
        if LEAST_RATE <= rate <= MOST_RATE and burst / rate == between.mean:
            return f"rate = {rate!r}"
    return f"between = {written_time(between)}"
