"""Load by wrk, another's load generator: it looks at statuses, and at nothing else that comes."""

import json
import math
import resource
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measuring.load import Sample, least_disturbed
from measuring.machine import Interval
from measuring.processes import LOAD_CORE, Served, on_core

_SCRIPT = Path(__file__).with_name("close.lua")
_ERRORS = ("connect", "read", "write", "status")
_PATIENCE = 10  # seconds


@dataclass(frozen=True, slots=True)
class Wrk:
    """What wrk asks for: each N-th request asks the server to close the connection."""

    path: str
    connections: int
    seconds: float  # rounded up to whole ones, which is all that wrk knows
    close_every: int

    def words(self, port: int) -> list[str]:
        """The command line."""
        options = [f"-t1 -c{self.connections} -d{math.ceil(self.seconds)}s --timeout {_PATIENCE}s"]
        url = f"http://127.0.0.1:{port}{self.path}"
        return ["wrk", *options[0].split(), "-s", str(_SCRIPT), url, "--", str(self.close_every)]


def put_by_wrk(wrk: Wrk, server: Served, tries: int) -> Sample:
    """Put load on a server, again if others disturb the measurement: the least disturbed one."""
    return least_disturbed(lambda: _put_once(wrk, server), tries)


def _put_once(wrk: Wrk, server: Served) -> Sample:
    interval, before, own = Interval(), server.cpu_seconds(), _children()
    output = subprocess.check_output(on_core(LOAD_CORE, wrk.words(server.port)), text=True)
    seconds, used, own = interval.seconds(), server.cpu_seconds() - before, _children() - own
    counts = json.loads(output.splitlines()[-1])
    return _sample(counts, used=used, busy=own / seconds, others=interval.others(used + own))


def _sample(counts: dict[str, Any], *, used: float, busy: float, others: float) -> Sample:
    replies = counts["requests"] - counts["status"]
    failures = {name: counts[name] for name in (*_ERRORS, "timeout") if counts[name]}
    rate = replies / counts["seconds"]
    return Sample(
        seconds=counts["seconds"],
        replies=replies,
        rate=rate,
        soon=rate,
        cpu=used / max(1, replies) * 1e6,
        mean=counts["mean_us"],
        p50=counts["p50_us"],
        p99=counts["p99_us"],
        failures=failures,
        stuck=counts["timeout"],
        unsent=0,
        awaited=0,
        lost=0,
        busy=busy,
        others=others,
    )


def _children() -> float:
    """The CPU used by all processes that this one has started and awaited."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
