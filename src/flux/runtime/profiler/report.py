"""A profile as the JSON of docs/profile.md."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from flux.runtime.endings import Outcome
from flux.runtime.profiler.counts import Snapshot
from flux.runtime.profiler.gil import GilReading
from flux.runtime.profiler.histogram import Reading
from flux.runtime.profiler.names import Names
from flux.runtime.profiler.twins import CPU_EVERY
from flux.runtime.profiler.wakeup import wakeup
from flux.runtime.profiling import Subject
from flux.version import __version__

Json = dict[str, Any]


class Times(NamedTuple):
    """When and for how long the profile was on."""

    on: bool
    began: float | None
    elapsed: int
    cpu: int


class Report:
    """Tells profiles of one program."""

    def __init__(self, subject: Subject) -> None:
        facts = subject.facts or {}
        plan = facts.get("plan", {})
        self._names = Names(subject.paths, [loop.source for loop in subject.loops])
        self._targets = {loop["source"]: loop["target"] for loop in plan.get("sources", ())}
        self._head = {
            "format": "flux-profile",
            "version": 1,
            "program": plan.get("program", subject.name),
            "fingerprint": plan.get("fingerprint"),
            "flux": facts.get("flux", __version__),
        }
        self._served = dict(subject.served)

    def target(self, source: str) -> str:
        """The node that a source's flows start at."""
        return str(self._targets.get(source, ""))

    def of(self, snapshot: Snapshot, times: Times, gil: GilReading | None) -> Json:
        """What was counted, and in which time."""
        return {
            **self._head,
            "server": {**self._served, "wakeup": wakeup()},
            **times._asdict(),
            "cpu_every": CPU_EVERY,
            "timed": sum(path.timed for path in snapshot.paths.values()),
            "paths": list(self._paths(snapshot)),
            "gil": _gil(gil),
            "nodes": list(_nodes(snapshot, gil)),
            "constraints": list(_constraints(snapshot)),
            "cases": list(self._cases(snapshot)),
            "sources": list(self._sources(snapshot)),
        }

    def _paths(self, snapshot: Snapshot) -> Iterator[Json]:
        for key, path in snapshot.paths.items():
            yield {
                "source": key.source,
                "path": key.path,
                "name": self._names.way(key).name,
                "outcome": Outcome(key.outcome).name.lower(),
                "count": path.flows,
                "wall": histogram(path.wall),
                "waiting": histogram(path.waiting),
                "queued": histogram(path.queued),
                "cpu": histogram(path.cpu),
            }

    def _cases(self, snapshot: Snapshot) -> Iterator[Json]:
        counts: Counter[tuple[str, str]] = Counter()
        for key, path in snapshot.paths.items():
            for chosen in self._names.way(key).cases:
                counts[chosen] += path.flows
        for (node, case), flows in counts.items():
            yield {"node": node, "case": case, "count": flows}

    def _sources(self, snapshot: Snapshot) -> Iterator[Json]:
        for name, source in snapshot.sources.items():
            yield {
                "source": name,
                "target": self.target(name),
                "started": source.started,
                "dropped": source.dropped,
                "gaps": histogram(source.gaps),
            }


def histogram(reading: Reading) -> Json:
    """A histogram as JSON, with its buckets in order."""
    size, total, longest, buckets = reading
    places = sorted(buckets)
    pairs = list(zip(places, map(buckets.__getitem__, places), strict=True))
    return {"count": size, "total": total, "max": longest, "buckets": pairs}


def _gil(gil: GilReading | None) -> Json | None:
    if gil is None:
        return None
    released = sum(gil.nodes.values())
    return {"samples": gil.samples, "held": gil.held, "released": released}


def _nodes(snapshot: Snapshot, gil: GilReading | None) -> Iterator[Json]:
    for mark, node in snapshot.nodes.items():
        yield {
            "node": mark.name,
            "kind": mark.kind.name.lower(),
            "calls": node.wall.size,
            "failures": node.failures,
            "wall": histogram(node.wall),
            "cpu": histogram(node.cpu),
            "released": gil.nodes.get(mark, 0) if gil is not None else 0,
        }


def _constraints(snapshot: Snapshot) -> Iterator[Json]:
    for mark, constraint in snapshot.constraints.items():
        yield {
            "constraint": mark.name,
            "mode": mark.mode,
            "scope": mark.scope,
            "acquired": constraint.acquired,
            "contended": constraint.waiting.size,
            "waiting": histogram(constraint.waiting),
            "holding": histogram(constraint.holding),
        }
