"""What carries a server's flows, as its user chooses."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flux.runtime.event import FiberPerFlow
from flux.runtime.fibers import require_fibers
from flux.runtime.pool import Pool
from flux.runtime.runtimes import Carry, Runtime
from flux.runtime.thread import ThreadPerFlow

MOST = 1_000_000  # threads, or places for flows: these take memory before there is any flow
FOR_POOLS = ("threads", "queue")  # what other runtimes have no use for
QUEUE = 1024  # flows that may wait for the pool, unless another number is given


def default_threads() -> int:
    """As many workers as keep the processors busy while some of them wait."""
    return min(32, (os.cpu_count() or 1) + 4)


@dataclass(frozen=True, slots=True)
class Options:
    """A runtime, and how much of what it may have."""

    runtime: Literal["thread", "pool", "event"]
    threads: int | None
    queue: int
    max_flows: int | None

    @property
    def workers(self) -> int:
        """How many threads a pool has."""
        return self.threads or default_threads()


def check(options: Options) -> None:
    """Raise ValueError if a number is out of its range."""
    for name in ("threads", "queue", "max_flows"):
        count = getattr(options, name)
        if count is not None and not 1 <= count <= MOST:
            raise ValueError(f"`{name}` must be from 1 to {MOST:,}, not {count}")


def new_runtime(options: Options, carry: Carry, become_idle: Callable[[], None]) -> Runtime:
    """What is asked for; ValueError, or MissingFibersError."""
    match options.runtime:
        case "pool":
            return Pool(carry, become_idle, options.workers, options.queue)
        case "event":
            require_fibers()
            import flux.runtime.live  # noqa: F401, PLC0415 - what reports of stalls look for

            return FiberPerFlow(carry, become_idle)
        case "thread":
            return ThreadPerFlow(carry, become_idle)
    raise ValueError(f"no runtime is called `{options.runtime}`")


def served(options: Options) -> Mapping[str, Any]:
    """What carries the flows, as profiles tell it."""
    pool = options.runtime == "pool"
    return {
        "target": "python",
        "runtime": options.runtime,
        "processors": len(os.sched_getaffinity(0)),
        "pid": os.getpid(),
        "threads": options.workers if pool else None,
        "queue": options.queue if pool else None,
        "cores": None,
        "max_flows": options.max_flows,
    }
