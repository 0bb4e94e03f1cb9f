"""How late a thread is that sleeps for 10 ms, beside threads that compute: as threads, as fibers.

Run `python benchmarks/fairness.py`; with `--write`, the results beside it are renewed.
"""

from itertools import chain

from fibering.programs import KINDS, environments, printed
from measuring.tables import summary, table, tail
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
    late: Late = {who: {kind: [] for kind in KINDS} for who in HOGS}
    for _ in range(ROUNDS):
        for who, by_kind in late.items():
            count, *where = HOGS[who]
            for kind, known in by_kind.items():
                known.extend(printed("sleeper.py", count, NAPS, *where, env=started[kind]))
    return late


def figures(late: Late) -> dict[str, object]:
    """What is kept of it."""
    kept = {
        who: {kind: summary(values) for kind, values in by_kind.items()}
        for who, by_kind in late.items()
    }
    return {"naps": NAPS, "late": kept}


def main() -> None:
    """Print the table, and keep it if asked to."""
    late = measure()
    head = ["threads that compute", *(f"{kind}: {what}" for kind in KINDS for what in WHATS)]
    rows = [[who, *chain(*map(tail, kinds.values()))] for who, kinds in late.items()]
    text = f"Milliseconds late, of {ROUNDS * NAPS} sleeps of 10 ms each.\n\n{table(head, rows)}"
    record("fairness", "Beside threads that compute", text, figures(late))


if __name__ == "__main__":
    main()
