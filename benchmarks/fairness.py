"""How late a thread is that sleeps for 10 ms, beside threads that compute: as threads, as fibers.

Run `python benchmarks/fairness.py`; with `--write`, the results beside it are renewed.
"""

import statistics
from collections.abc import Sequence
from itertools import chain

from fibering.programs import KINDS, environments, printed
from measuring.tables import table
from record import record

ROUNDS = 5
NAPS = 200
HOGS = {
    "none": (0,),
    **{f"{count} in Python": (count,) for count in (1, 3, 10)},
    **{f"{count} in C": (count, "C") for count in (1, 3, 10)},
}
WHATS = ("median", "p99", "worst")

Late = dict[str, dict[str, list[float]]]


def measure() -> Late:
    """Each lateness in milliseconds, by who computes and what carries them."""
    started = environments()
    late: Late = {hogs: {kind: [] for kind in KINDS} for hogs in HOGS}
    for _ in range(ROUNDS):
        for hogs, by_kind in late.items():
            for kind, known in by_kind.items():
                count, *where = HOGS[hogs]
                known.extend(printed("sleeper.py", count, NAPS, *where, env=started[kind]))
    return late


def cells(late: Sequence[float]) -> list[str]:
    """The median, the 99th percentile, and the worst."""
    figures = (statistics.median(late), statistics.quantiles(late, n=100)[98], max(late))
    return [f"{each:.1f}" for each in figures]


def main() -> None:
    """Print the table, and keep it if asked to."""
    late = measure()
    head = ["threads that compute", *(f"{kind}: {what}" for kind in KINDS for what in WHATS)]
    rows = [[hogs, *chain(*map(cells, kinds.values()))] for hogs, kinds in late.items()]
    text = f"Milliseconds late, of {ROUNDS * NAPS} sleeps of 10 ms each.\n\n{table(head, rows)}"
    record("fairness", "Beside threads that compute", text, {"naps": NAPS, "late": late})


if __name__ == "__main__":
    main()
