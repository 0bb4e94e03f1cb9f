"""How late one thread is that sleeps for 10 ms again and again, beside others that compute.

`sleeper.py HOGS SLEEPS` prints each lateness, in milliseconds, as JSON.
"""

import json
import sys
import threading
import time

NAP = 0.01


def compute(stopped: threading.Event) -> None:
    """Be busy in Python, without ever waiting."""
    while not stopped.is_set():
        sum(range(100))


def lateness() -> float:
    """Milliseconds from the moment at which a nap was to end to the next instruction."""
    due = time.monotonic() + NAP
    time.sleep(NAP)
    return (time.monotonic() - due) * 1e3


def main() -> None:
    """Let one sleep while the others compute."""
    hogs, naps = map(int, sys.argv[1:])
    stopped = threading.Event()
    late: list[float] = []
    sleeper = threading.Thread(target=lambda: late.extend(lateness() for _ in range(naps)))
    threads = [threading.Thread(target=compute, args=[stopped]) for _ in range(hogs)]
    for each in (sleeper, *threads):
        each.start()
    sleeper.join()
    stopped.set()
    for each in threads:
        each.join()
    print(json.dumps(late))


if __name__ == "__main__":
    main()
