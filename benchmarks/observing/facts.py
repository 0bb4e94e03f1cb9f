"""What goes into the file of results beside the table: every run, with its conditions."""

import platform
from collections.abc import Sequence
from dataclasses import asdict

from observing.judging import judged
from observing.observation import Run, together
from observing.points import Compared
from observing.settings import Settings


def facts(compared: Sequence[Compared], settings: Settings) -> dict[str, object]:
    """All but the single latencies."""
    return {
        "kernel": platform.release(),
        "settings": asdict(settings),
        "points": [_point(each) for each in compared],
    }


def _point(compared: Compared) -> dict[str, object]:
    point, verdict = compared.point, judged(compared)
    return {
        "study": point.study,
        "cpus": point.cpus,
        "emulated": point.emulated,
        "utilisation": point.utilisation,
        "rate": point.rate,
        "observed": asdict(compared.observed) if compared.observed else None,
        "predicted": asdict(compared.predicted) if compared.predicted else None,
        "misses": verdict.misses,
        "cause": verdict.cause,
        "runs": [_run(run) for run in point.runs],
    }


def _run(run: Run) -> dict[str, object]:
    seen = asdict(together([run])) if run.latencies else None
    conditions = asdict(run.conditions)
    return {"seed": run.seed, "tries": run.tries, "void": run.void, **conditions, "seen": seen}
