"""How late one thread is that sleeps for 10 ms again and again, beside others that compute.

`sleeper.py HOGS SLEEPS` prints each lateness, in milliseconds, as JSON. With a third word, `C`, the
others hash 64 KB at a time, which they do in C and without the interpreter's lock.
"""

import hashlib
import json
import sys
import threading
import time

NAP = 0.01
BLOCK = bytes(64 * 1024)


def compute(stopped: threading.Event) -> None:
    """Be busy in Python, without ever waiting."""
    while not stopped.is_set():
        sum(range(100))


def compute_in_c(stopped: threading.Event) -> None:
    """The same in C, in calls of some 0.1 ms."""
    digest = hashlib.sha256()
    while not stopped.is_set():
        digest.update(BLOCK)


def lateness() -> float:
    """Milliseconds from the moment at which a nap was to end to the next instruction."""
    due = time.monotonic() + NAP
    time.sleep(NAP)
    return (time.monotonic() - due) * 1e3


def main() -> None:
    """Let one sleep while the others compute."""
    hogs, naps = map(int, sys.argv[1:3])
    work = compute_in_c if sys.argv[3:] == ["C"] else compute
    stopped = threading.Event()
    late: list[float] = []
    sleeper = threading.Thread(target=lambda: late.extend(lateness() for _ in range(naps)))
    threads = [threading.Thread(target=work, args=[stopped]) for _ in range(hogs)]
    for each in (sleeper, *threads):
        each.start()
    sleeper.join()
    stopped.set()
    for each in threads:
        each.join()
    print(json.dumps(late))


if __name__ == "__main__":
    main()
