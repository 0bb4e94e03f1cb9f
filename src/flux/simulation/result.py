"""What a run of a model has come to; times in seconds.

A run begins empty, lets `warmup` flows end uncounted, then observes until `flows` more have ended.
Totals are of the time that was observed; a flow counts if it ends then, with all of its latency.
"""

from dataclasses import dataclass

BUCKETS = 256
"""Of latencies, an octave, all as wide: each is at most a 256th as wide as its times are long."""

SHORTEST = 2.0**-30
"""Where the first octave begins, 0.93 ns."""


@dataclass(frozen=True, slots=True)
class Latencies:
    """Times of flows: how many, their sum, that of their squares, the longest, and by bucket.

    Bucket 256 k + n holds times from 2^k (1 + n / 256) times `SHORTEST` to the next bound; bucket 0
    all below that.
    """

    count: int
    total: float
    squares: float
    longest: float
    buckets: dict[int, int]


@dataclass(frozen=True, slots=True)
class FunctionUse:
    """Calls begun, their processor time and I/O, and `waiting` for a processor or Python's lock.

    What a flow waits for between calls is the next one's. `beginning` is what flows waited for
    before the first thing that they did, if this was their first call. What a flow waits for a
    processor after it was woken in the queue of a constraint is a part of its waiting for that.
    """

    calls: int
    cpu: float
    waiting: float
    io: float
    beginning: float


@dataclass(frozen=True, slots=True)
class ConstraintUse:
    """How often a constraint was taken, and after a wait; waiting and holding, summed over flows.

    `busy` is the time during which anybody held it.
    """

    taken: int
    contended: int
    waiting: float
    holding: float
    busy: float


@dataclass(frozen=True, slots=True)
class Result:
    """The whole run. `routes` are the latencies by source and route, in their order.

    `processors`, `gil` and `threads` are times in use, summed over what there is of them;
    `outside` and `queued` are flow-seconds without a place and without a thread; `inside` those
    from arrival to end. `batches` are the mean latencies of twenty parts of the run, in order; of
    fewer, if fewer flows were observed.
    """

    elapsed: float
    arrived: int
    completed: int
    dropped: int
    latencies: Latencies
    batches: tuple[float, ...]
    processors: float
    gil: float
    threads: float
    outside: float
    queued: float
    inside: float
    functions: tuple[FunctionUse, ...]
    constraints: tuple[ConstraintUse, ...]
    routes: tuple[tuple[Latencies, ...], ...]
