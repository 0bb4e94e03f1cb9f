"""Profiles of the image server, made of a few numbers, for tests."""

from dataclasses import dataclass

from flux.profile.histogram import EMPTY, Histogram, bucket_of, together
from flux.profile.model import Case, Constraint, Node, Path, Profile, Served, Source

MS = 1_000_000
SECOND = 1_000_000_000

HIT = "Listen -> ReadRequest -> CheckCache -> Handler:[_, hit] -> Write -> Complete"
MISS = (
    "Listen -> ReadRequest -> CheckCache -> Handler:[_, _] -> ReadInFromDisk -> Compress"
    " -> StoreInCache -> Write -> Complete"
)
MISSING = (
    "Listen -> ReadRequest -> CheckCache -> Handler:[_, _] -> ReadInFromDisk fails -> FourOhFour"
)
HANGS_UP = "Listen -> ReadRequest fails -> Apologize fails"


def spread(count, mean):
    """Values around a mean: half of them below, a tenth twice as long."""
    slow, usual = count // 10, count * 4 // 10
    parts = [(count - slow - usual, mean * 4 // 5), (usual, mean), (slow, 2 * mean)]
    return together(same(number, value) for number, value in parts if number)


def same(count, value):
    """The same value so many times."""
    if not count:
        return EMPTY
    return Histogram(count, count * value, value, ((bucket_of(value), count),))


@dataclass
class Way:
    """What flows on a path have: times in nanoseconds a flow."""

    path: int
    name: str
    count: int
    wall: int
    cpu: int
    waiting: int = 0
    queued: int = 0
    outcome: str = "finished"
    spent: tuple = ()

    def made(self):
        return Path(
            "Listen",
            self.path,
            self.name,
            self.outcome,
            self.count,
            spread(self.count, self.wall),
            spread(self.count, self.waiting),
            spread(self.count, self.queued),
            spread(self.count // 64, self.cpu),
            self.spent,
        )


WAYS = (
    Way(0, HIT, 6_400, 2 * MS, MS // 5, waiting=MS // 10),
    Way(1, MISS, 1_280, 40 * MS, 34 * MS, waiting=MS // 2),
    Way(3, MISSING, 640, 3 * MS, MS // 4, outcome="handled"),
    Way(18, HANGS_UP, 64, 5 * MS, MS // 10, outcome="failed"),
)

NODES = {
    # calls, failures, mean time, mean processor time
    "Listen": (8_384, 0, 1 * MS, MS // 50),
    "ReadRequest": (8_384, 64, MS // 2, MS // 20),
    "CheckCache": (8_320, 0, MS // 50, MS // 50),
    "ReadInFromDisk": (1_920, 640, 4 * MS, MS // 2),
    "Compress": (1_280, 0, 33 * MS, 32 * MS),
    "StoreInCache": (1_280, 0, MS // 50, MS // 50),
    "Write": (7_680, 0, MS, MS // 10),
    "Complete": (7_680, 0, MS // 10, MS // 100),
    "FourOhFour": (640, 0, MS // 10, MS // 100),
    "Apologize": (64, 64, MS // 10, MS // 100),
    "TestInCache": (8_320, 0, MS // 1000, MS // 1000),
}
KINDS = {"Listen": "opening", "TestInCache": "predicate"}


def node(name, calls, failures, wall, cpu):
    kind = KINDS.get(name, "node")
    return Node(name, kind, calls, failures, spread(calls, wall), spread(calls // 64, cpu))


def constraint(name, acquired, waiting, holding, mode="writer"):
    waits, holds = spread(acquired, waiting), spread(acquired, holding)
    return Constraint(name, mode, "program", acquired, acquired // 10, waits, holds)


def image_profile(ways=WAYS, **changes):
    """What an image server gives after ten seconds; with some fields as they are told."""
    flows = sum(way.count for way in ways)
    cases = {"[_, hit]": 6_400, "[_, _]": 1_920}
    fields = {
        "format": "flux-profile",
        "version": 1,
        "program": "image.flux",
        "fingerprint": "4f2a",
        "flux": "0.1.0",
        "server": Served("python", "pool", 2, 4711, threads=8, queue=1024),
        "on": True,
        "began": 1_764_412_800.0,
        "elapsed": 10 * SECOND,
        "cpu": 17 * SECOND,
        "cpu_every": 64,
        "paths": tuple(way.made() for way in ways),
        "nodes": tuple(node(name, *numbers) for name, numbers in NODES.items()),
        "constraints": (constraint("cache", 9_600, MS // 7, MS // 50),),
        "cases": tuple(Case("Handler", case, count) for case, count in cases.items()),
        "sources": (
            Source("Listen", "Image", flows, 0, spread(flows, 10 * SECOND // max(flows, 1))),
        ),
    }
    return Profile(**(fields | changes))
