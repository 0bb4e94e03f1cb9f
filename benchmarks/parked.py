"""What waiting threads take of memory, as threads and as fibers, and a million that come and go.

Run `python benchmarks/parked.py`; with `--write`, the results beside it are renewed.
"""

from typing import Any

from fibering.programs import environments, printed
from measuring.tables import table
from record import record

PARKED = (1_000, 10_000)
ROW = 1_000_000


def measure() -> dict[str, Any]:
    """Both kinds at rest; the row on fibers only, for the system's threads are not in question."""
    started = environments()
    parked = {
        kind: [printed("parked.py", flows, env=env) for flows in PARKED]
        for kind, env in started.items()
    }
    return {"parked": parked, "row": printed("parked.py", "--row", ROW, env=started["fibers"])}


def report(found: dict[str, Any]) -> str:
    """Two tables."""
    row = found["row"]
    parked = [[kind, *cells(each)] for kind, all_of in found["parked"].items() for each in all_of]
    tenths = [f"{(at + 1) * row['flows'] // 10:,}" for at in range(10)]
    used = [f"{kib / 1024:.1f}" for kib in row["kib"]]
    return "\n\n".join(
        [
            table(["that wait at once", "how many", "KiB each", "begin, s", "end, s"], parked),
            f"{row['flows']:,} fibers, a hundred at a time, in {row['seconds']:.0f} s:",
            table(["that have come and gone", "MiB in use"], zip(tenths, used, strict=True)),
        ]
    )


def cells(each: dict[str, float]) -> list[str]:
    """How many, the memory of each, and how long all took to begin and to end."""
    times = (f"{each[what]:.2f}" for what in ("begun", "ended"))
    return [f"{each['flows']:,}", f"{each['kib']:.1f}", *times]


def main() -> None:
    """Print the tables, and keep them if asked to."""
    found = measure()
    record("parked", "Fibers that wait, and fibers in a row", report(found), found)


if __name__ == "__main__":
    main()
