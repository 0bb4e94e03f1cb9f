"""Flows that wait at once, and flows that come and go: what they take of memory and of time.

`parked.py FLOWS` starts threads that wait for a lock, and prints the KiB that each takes;
`parked.py --row FLOWS` lets them come one after the other, and prints the KiB in use after each
tenth of them.
"""

import json
import sys
import threading
import time
from pathlib import Path

BATCH = 100
PARTS = 10


def memory(field: str = "VmRSS") -> int:
    """KiB that the process uses now."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))


def park(flows: int) -> dict[str, float]:
    """Let that many wait at once, then let them all end."""
    come, go = threading.Semaphore(0), threading.Semaphore(0)

    def wait() -> None:
        come.release()
        go.acquire()

    before, begun = memory(), time.monotonic()
    threads = [threading.Thread(target=wait) for _ in range(flows)]
    for each in threads:
        each.start()
    for _ in threads:
        come.acquire()
    used, ready = memory() - before, time.monotonic()
    go.release(flows)
    for each in threads:
        each.join()
    ended = time.monotonic()
    return {"flows": flows, "kib": used / flows, "begun": ready - begun, "ended": ended - ready}


def row(flows: int) -> dict[str, object]:
    """Let that many come and go, a hundred at a time, each of which waits once."""
    begun = time.monotonic()
    used = []
    for _ in range(PARTS):
        for _ in range(flows // BATCH // PARTS):
            come_and_go()
        used.append(memory())
    return {"flows": flows, "kib": used, "seconds": time.monotonic() - begun}


def come_and_go() -> None:
    """One batch of threads, all of which meet before they end."""
    met = threading.Barrier(BATCH)
    threads = [threading.Thread(target=met.wait) for _ in range(BATCH)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def main() -> None:
    """Do what the command line says."""
    *how, flows = sys.argv[1:]
    print(json.dumps((row if how else park)(int(flows))))


if __name__ == "__main__":
    main()
