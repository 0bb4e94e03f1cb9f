"""Reports as JSON, as docs/simulate.md describes it: times and rates in seconds."""

from typing import Any

import msgspec

from flux.simulation.prediction.alternatives import Gain, Outcome
from flux.simulation.prediction.bottleneck import bottleneck, uses, verdict
from flux.simulation.prediction.caveats import caveats
from flux.simulation.prediction.compared import Row
from flux.simulation.prediction.demands import Bound, bounds
from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.judgement import verdict as judged
from flux.simulation.prediction.measures import LATENCIES, PARTS
from flux.simulation.prediction.objectives import Objective
from flux.simulation.prediction.replay import Replay
from flux.simulation.prediction.replications import Effort, Prediction
from flux.simulation.prediction.reports.contents import Ranked, Report, Sized, Sweep, setting_of
from flux.simulation.prediction.sweeps import Point

FORMAT = "flux-prediction"
VERSION = 1

Object = dict[str, Any]


def as_json(report: Report) -> bytes:
    """The whole report; what has no bound is null."""
    whole = {"format": FORMAT, "version": VERSION} | _content(report)
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"


def _content(report: Report) -> Object:
    match report:
        case Sweep(points=points, wanted=wanted, objective=objective):
            settings = [_point(point, objective) for point in points]
            return {"kind": "settings", "wanted": wanted, "settings": settings}
        case Sized(size=size, tried=tried):
            chosen = _point(size.chosen, size.objective) if size.chosen else None
            return {
                "kind": "size",
                "objective": _objective(size.objective),
                "chosen": chosen,
                "reason": size.reason or None,
                "tried": [_point(point, size.objective) for point in tried],
            }
        case Ranked(kind=kind, ranking=ranking, objective=objective):
            changes = [_gain(gain, objective) for gain in ranking.gains]
            return {"kind": kind, "before": _outcome(ranking.before), "changes": changes}
        case Replay(prediction=prediction, rows=rows):
            return {
                "kind": "check",
                "agrees": report.agrees,
                "verdict": judged(report),
                "compared": [_compared(row) for row in rows],
                "prediction": _prediction(prediction),
            }


def _point(point: Point, objective: Objective | None) -> Object:
    return _prediction(point.prediction) | _held(point.prediction, objective)


def _held(prediction: Prediction, objective: Objective | None) -> Object:
    return {} if objective is None else {"holds": objective.holds(prediction)}


def _objective(objective: Objective) -> Object:
    return {"latency": objective.name, "most": objective.most}


def _prediction(prediction: Prediction) -> Object:
    """All that is known of one setting; the parts that need runs only if there are some."""
    found = {
        "program": prediction.model.program,
        "setting": setting_of(prediction.model),
        "effort": _effort(prediction.effort, prediction.warmup),
        "saturated": prediction.is_saturated,
        "limits": [_limit(bound) for bound in bounds(prediction.model)],
        "verdict": verdict(prediction),
        "warnings": [caveat._asdict() for caveat in caveats(prediction)],
    }
    return found if prediction.is_saturated else found | _estimated(prediction)


def _effort(effort: Effort, warmup: int) -> Object:
    return {"runs": effort.runs, "flows": effort.flows, "seed": effort.seed, "warmup": warmup}


def _limit(bound: Bound) -> Object:
    return {"kind": bound.resource.kind, "name": bound.resource.name, "rate": bound.rate}


def _estimated(prediction: Prediction) -> Object:
    found, worst = prediction.estimates, bottleneck(prediction)
    model = prediction.model
    return {
        "throughput": _estimate(found["throughput",]),
        "dropped": _estimate(found["dropped",]),
        "latency": {name: _estimate(prediction.latency(name)) for name in LATENCIES},
        "bottleneck": worst.resource.name if worst else None,
        "resources": [
            {
                "kind": use.resource.kind,
                "name": use.resource.name,
                "count": use.resource.count,
                "use": _estimate(use.part),
            }
            for use in uses(prediction)
        ],
        "flow": {name: _estimate(found["flow", name]) for name in PARTS},
        "nodes": [_named(prediction, "node", each.name) for each in model.functions],
        "constraints": [_named(prediction, "constraint", each.name) for each in model.constraints],
    }


def _named(prediction: Prediction, kind: str, name: str) -> Object:
    """All numbers of a node or a constraint."""
    values = {
        key[2]: _estimate(value)
        for key, value in prediction.estimates.items()
        if key[:2] == (kind, name)
    }
    return {kind: name} | values


def _gain(gain: Gain, objective: Objective | None) -> Object:
    return {
        "change": gain.alternative.name,
        "edit": gain.alternative.edit or None,
        "mean_shorter_by": _estimate(gain.latency),
        "carries_more_by": _estimate(gain.throughput),
        "may_be_chance": gain.may_be_chance,
        "after": _outcome(gain.outcome),
    } | _held(gain.outcome.usual, objective)


def _outcome(outcome: Outcome) -> Object:
    most = outcome.most.estimates.get(("throughput",))
    return {"prediction": _prediction(outcome.usual), "carries_at_most": _estimate(most)}


def _compared(row: Row) -> Object:
    return {
        "about": row.about,
        "name": row.name,
        "unit": row.unit,
        "measured": row.measured,
        "predicted": _estimate(row.predicted),
        "off": row.off,
        "allowed": row.allowed,
        "missed": row.is_miss,
    }


def _estimate(found: Estimate | None) -> Object | None:
    """Null for what isn't known; msgspec makes null of infinite ends, too."""
    return None if found is None else {"value": found.value, "low": found.low, "high": found.high}
