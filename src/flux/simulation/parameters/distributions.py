"""Distributions in files of parameters: `"2ms"`, or `{lognormal = {mean = "2ms", cv = 1.5}}`."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from flux.simulation.parameters import durations
from flux.simulation.parameters.mistakes import Key, Mistakes, shown
from flux.simulation.times import (
    NOTHING,
    Constant,
    Empirical,
    Erlang,
    Exponential,
    Hyperexponential,
    Lognormal,
    Time,
    Uniform,
)

MOST_SHAPE = 1000
MOST_CV = 100.0


def read_time(mistakes: Mistakes, key: Key, value: object) -> Time:
    """The distribution that a value says; a text alone is always the same time."""
    if not isinstance(value, dict):
        return Constant(read_duration(mistakes, key, value))
    mistakes.known(key, value, _READERS)
    known = [name for name in value if name in _READERS]
    if len(known) != 1:
        if len(known) == len(value):
            names = ", ".join(_READERS)
            mistakes.add(key, f"a distribution has one name: choose one of {names}")
        return NOTHING
    return _READERS[known[0]](mistakes, (*key, known[0]), value[known[0]])


def read_duration(mistakes: Mistakes, key: Key, value: object) -> float:
    """A single time, in seconds."""
    if not isinstance(value, str):
        number = value if isinstance(value, int | float) and not isinstance(value, bool) else 2
        number = number if 0 <= number <= durations.MOST else 2
        mistakes.add(key, f'{shown(value)} is no time: write "{number}ms", say')
        return 0.0
    try:
        return durations.seconds(value)
    except ValueError as error:
        mistakes.add(key, str(error))
        return 0.0


def _constant(mistakes: Mistakes, key: Key, value: object) -> Time:
    return Constant(read_duration(mistakes, key, value))


def _exponential(mistakes: Mistakes, key: Key, value: object) -> Time:
    return Exponential(read_duration(mistakes, key, value))


def _uniform(mistakes: Mistakes, key: Key, value: object) -> Time:
    low, high = _fields(mistakes, key, value, ("low", "high"))
    first = read_duration(mistakes, (*key, "low"), low)
    last = read_duration(mistakes, (*key, "high"), high)
    if first > last:
        mistakes.add(key, "`low` is above `high`: exchange them")
    return Uniform(first, last)


def _erlang(mistakes: Mistakes, key: Key, value: object) -> Time:
    mean, shape = _fields(mistakes, key, value, ("mean", "shape"))
    return Erlang(
        read_duration(mistakes, (*key, "mean"), mean),
        mistakes.count((*key, "shape"), shape, 1, MOST_SHAPE),
    )


def _lognormal(mistakes: Mistakes, key: Key, value: object) -> Time:
    mean, cv = _fields(mistakes, key, value, ("mean", "cv"))
    return Lognormal(
        read_duration(mistakes, (*key, "mean"), mean),
        mistakes.number((*key, "cv"), cv, 0.0, MOST_CV),
    )


def _hyperexponential(mistakes: Mistakes, key: Key, value: object) -> Time:
    means, weights = _fields(mistakes, key, value, ("means", "weights"))
    times = [read_duration(mistakes, (*key, "means"), each) for each in _items(means)]
    shares = [mistakes.number((*key, "weights"), each) for each in _items(weights)]
    if not times or len(times) != len(shares):
        mistakes.add(key, "`means` and `weights` have to be two lists of the same length")
    elif not sum(shares):
        mistakes.add((*key, "weights"), "all of them are 0: give at least one more than that")
    return Hyperexponential(tuple(times), tuple(shares))


def _measured(mistakes: Mistakes, key: Key, value: object) -> Time:
    bounds, counts = _fields(mistakes, key, value, ("bounds", "counts"))
    edges = [mistakes.number((*key, "bounds"), each) for each in _items(bounds)]
    numbers = [mistakes.count((*key, "counts"), each, 0, 2**63 - 1) for each in _items(counts)]
    if not numbers or len(edges) != len(numbers) + 1:
        mistakes.add(key, "`bounds` has to be a list of one number more than `counts`")
    elif any(low > high for low, high in pairwise(edges)):
        mistakes.add((*key, "bounds"), "they don't rise: write them in order, in seconds")
    elif not sum(numbers):
        mistakes.add((*key, "counts"), "all of them are 0: give at least one more than that")
    return Empirical(tuple(edges), tuple(numbers))


_READERS: Mapping[str, Callable[[Mistakes, Key, object], Time]] = {
    "constant": _constant,
    "exponential": _exponential,
    "uniform": _uniform,
    "erlang": _erlang,
    "lognormal": _lognormal,
    "hyperexponential": _hyperexponential,
    "measured": _measured,
}


def _fields(mistakes: Mistakes, key: Key, value: object, names: Sequence[str]) -> list[object]:
    """The entries of a distribution, all of which are needed."""
    table = mistakes.table(key, value)
    if not isinstance(value, dict):
        return [_EXAMPLES[name] for name in names]
    mistakes.known(key, table, names)
    for name in names:
        if name not in table:
            mistakes.add(key, f"`{name}` is missing")
    return [table.get(name, _EXAMPLES[name]) for name in names]


_EXAMPLES: Mapping[str, object] = {
    "low": "1ms",
    "high": f"{durations.MOST:.0f}s",
    "mean": "1ms",
    "shape": 1,
    "cv": 1.0,
    "means": ["1ms"],
    "weights": [1],
    "bounds": [0, 1],
    "counts": [1],
}
"""What a missing entry is read as, so that it is no second mistake."""


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def written_time(time: Time) -> str:
    """A distribution as TOML, on one line."""
    if isinstance(time, Constant):
        return f'"{durations.text_of(time.value)}"'
    name, fields = _written(time)
    return f"{{{name} = {fields}}}"


def _written(time: Time) -> tuple[str, str]:
    """The name of a distribution, and what else it says."""
    text = durations.text_of
    match time:
        case Constant(value=value):
            return "constant", f'"{text(value)}"'
        case Exponential(mean=mean):
            return "exponential", f'"{text(mean)}"'
        case Uniform(low=low, high=high):
            fields = f'low = "{text(low)}", high = "{text(high)}"'
        case Erlang(mean=mean, shape=shape):
            fields = f'mean = "{text(mean)}", shape = {shape}'
        case Lognormal(mean=mean, cv=cv):
            fields = f'mean = "{text(mean)}", cv = {cv!r}'
        case Hyperexponential(means=means, weights=weights):
            listed = ", ".join(f'"{text(mean)}"' for mean in means)
            fields = f"means = [{listed}], weights = {list(weights)}"
        case Empirical(bounds=bounds, counts=counts):
            return "measured", f"{{bounds = {list(bounds)}, counts = {list(counts)}}}"
    return type(time).__name__.lower(), f"{{{fields}}}"
