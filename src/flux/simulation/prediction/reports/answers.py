"""The answer of a report in a sentence or two."""

from collections.abc import Iterator, Sequence

from flux.simulation.prediction import judgement
from flux.simulation.prediction.alternatives import Gain, Ranking
from flux.simulation.prediction.bottleneck import limited, verdict
from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.objectives import Objective
from flux.simulation.prediction.replay import Replay
from flux.simulation.prediction.replications import Prediction
from flux.simulation.prediction.reports.contents import (
    Ranked,
    Report,
    Sized,
    Sweep,
    setting_of,
    varied,
)
from flux.simulation.prediction.reports.words import counted, part, rate, time
from flux.simulation.prediction.sweeps import Point

MOST_GROUPS = 6


def answer(report: Report) -> str:
    """What was asked for, before all tables."""
    match report:
        case Sweep(points=[point], objective=objective):
            return f"{verdict(point.prediction)}{_held(objective, point.prediction)}"
        case Sweep():
            return _capacities(report)
        case Sized():
            return _size(report)
        case Ranked(kind="what-if", ranking=Ranking(gains=[gain]), objective=objective):
            after = gain.outcome.usual
            return f"{_best(report)} {verdict(after)}{_held(objective, after)}"
        case Ranked(ranking=ranking):
            return f"{_best(report)} {verdict(ranking.before.usual)}"
        case Replay():
            return judgement.verdict(report)


def _held(objective: Objective | None, prediction: Prediction) -> str:
    """A sentence on the objective, if there is one."""
    if objective is None:
        return ""
    answers = {"yes": "holds", "no": "doesn't hold", "perhaps": "may hold or not"}
    held = answers[objective.holds(prediction)]
    return f" The objective, {_within(objective)}, {held}."


def _within(objective: Objective) -> str:
    return f"{objective.name} within {time(objective.most)}"


def _capacities(report: Sweep) -> str:
    """Up to which rate each machine carries flows, or holds the objective."""
    groups: dict[str, list[Point]] = {}
    for point in report.points:
        groups.setdefault(_machine(point, report), []).append(point)
    parts = [f"{name}: {_carried(points, report)}" for name, points in groups.items()]
    sentence = "; ".join(parts if len(parts) <= MOST_GROUPS else [parts[0], "...", parts[-1]])
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _machine(point: Point, report: Sweep) -> str:
    setting = setting_of(point.prediction.model)
    words = {"cpus": "processor", "threads": "thread", "max_flows": "flow"}
    keys = varied([each.prediction for each in report.points])
    named = (counted(int(setting[key] or 0), word) for key, word in words.items() if key in keys)
    return ", ".join(named) or "the server"


def _carried(points: Sequence[Point], report: Sweep) -> str:
    limit, objective = points[0].prediction.limit, report.objective
    most = limited(limit) if limit else "no limit"
    if objective is None:
        return most
    rates = [
        setting_of(point.prediction.model)["rate"] or 0.0
        for point in points
        if objective.holds(point.prediction) == "yes"
    ]
    within = _within(objective)
    return f"{within} up to {rate(max(rates))}, {most}" if rates else f"never {within}, {most}"


def _size(report: Sized) -> str:
    objective, chosen = report.size.objective, report.size.chosen
    within = _within(objective)
    if chosen is None:
        return f"No number of processors holds {within}: {report.size.reason}."
    setting = setting_of(chosen.prediction.model)
    pool = setting["threads"]
    threads = f" and a pool of {counted(int(pool), 'thread')}" if pool else ""
    holds = "hold" if pool or setting["cpus"] != 1 else "holds"
    load = f"at {rate(setting['rate'])}" if setting["rate"] else "for these clients"
    machine = f"{counted(int(setting['cpus'] or 0), 'processor')}{threads}"
    return f"{machine} {holds} {within} {load}. {verdict(chosen.prediction)}"


def _best(report: Ranked) -> str:
    """The change that gains most, and what."""
    gains = report.ranking.gains
    if report.kind == "what-if":
        return " ".join(f"`{each.alternative.name}`: {_told(each)}." for each in gains)
    worth = [each for each in gains if _is_gain(each)]
    if not worth:
        return "None of these changes gains anything beyond chance."
    return f"`{worth[0].alternative.name}` gains most: {_told(worth[0])}."


def _is_gain(gain: Gain) -> bool:
    """Whether anything is better beyond chance."""
    known = [each for each in (gain.latency, gain.throughput) if each is not None]
    return any(each.low > 0 for each in known) or _ends_saturation(gain)


def _ends_saturation(gain: Gain) -> bool:
    return gain.latency is None and not gain.outcome.usual.is_saturated


def _told(gain: Gain) -> str:
    """What is better or worse beyond chance."""
    parts = [
        *_changed(gain.latency, "the mean latency is {} shorter", "the mean latency is {} longer")
    ]
    parts += _changed(
        gain.throughput, "{} more flows can be carried", "{} fewer flows can be carried"
    )
    if _ends_saturation(gain):
        parts.insert(0, "flows no longer come faster than they end")
    return " and ".join(parts) or "nothing changes beyond chance"


def _changed(found: Estimate | None, better: str, worse: str) -> Iterator[str]:
    if found is not None and (found.low > 0 or found.high < 0):
        yield (better if found.value > 0 else worse).format(part(abs(found.value)))
