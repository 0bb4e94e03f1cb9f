"""Profiles made up for tests: so many flows on each path, so much time in each node."""

from collections import Counter

from flux.plan.contract import fingerprint
from flux.plan.paths import path_name
from flux.profile.histogram import Histogram, bucket_of
from flux.profile.model import FORMAT, VERSION, Case, Constraint, Node, Path, Profile, Served

MS = 1_000_000
EMPTY = Histogram()


def times(count, each):
    """So many times, all the same."""
    return Histogram(count, count * each, each, ((bucket_of(each), count),) if count else ())


def made_up(plan, flows, node_times=None, waits=()):
    """The profile of a program whose flows took `flows[source, number]` times each path.

    A node takes 1 ms, or what `node_times` says; `waits` are constraints with their mode, how
    often they were taken, and how long each of that waited.
    """
    node_times = node_times or {}
    calls, failures, cases = Counter(), Counter(), Counter()
    paths = []
    for (source, number), count in flows.items():
        name = path_name(plan, source, number)
        steps = [step for step in name.split(" -> ") if ":" not in step]
        for step in steps:
            calls[step.removesuffix(" fails")] += count
            failures[step.removesuffix(" fails")] += count * step.endswith(" fails")
        for step in name.split(" -> "):
            if step.endswith("]"):
                cases[tuple(step.split(":"))] += count
        spent = sum(node_times.get(step.removesuffix(" fails"), MS) for step in steps[1:])
        paths.append(
            Path(source, number, name, "finished", count, times(count, spent), EMPTY, EMPTY, EMPTY)
        )
    openings = {path.name.split(" -> ")[0] for path in paths}
    return Profile(
        format=FORMAT,
        version=VERSION,
        program=plan.name,
        fingerprint=fingerprint(plan),
        flux="0.1.0",
        server=Served("python", "pool", 2, 1, threads=8),
        on=True,
        began=0.0,
        elapsed=10_000 * MS,
        cpu=8_000 * MS,
        cpu_every=64,
        paths=tuple(paths),
        nodes=tuple(
            Node(
                name,
                "opening" if name in openings else "node",
                count,
                failures[name],
                times(count, node_times.get(name, MS)),
                EMPTY,
            )
            for name, count in calls.items()
        ),
        constraints=tuple(
            Constraint(name, mode, scope, taken, taken, times(taken, wait), EMPTY)
            for name, mode, scope, taken, wait in waits
        ),
        cases=tuple(Case(*case, count) for case, count in cases.items()),
        sources=(),
    )
