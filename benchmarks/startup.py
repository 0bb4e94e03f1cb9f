"""How long the command line takes from its start to its end.

Run `python benchmarks/startup.py`; with `--write`, the results beside it are renewed. The commands
take turns in every round, an empty Python among them: that much is not ours.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from record import record

ROUNDS = 10
ROOT = Path(__file__).parents[1]

# Commands, with the milliseconds that we allow each.
LIMITS = {
    "python -c pass": "",
    "flux --help": "150",
    "flux check examples/image/image.flux": "200",
}


def milliseconds(command: str) -> float:
    """The time of a whole process."""
    program, *arguments = command.split()
    path = Path(sys.executable).with_name(program)
    start = time.perf_counter()
    subprocess.run([path, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - start) * 1e3


def measure() -> dict[str, list[float]]:
    """The times of every command in every round, after one that fills the caches."""
    times: dict[str, list[float]] = {command: [] for command in LIMITS}
    for _ in range(1 + ROUNDS):
        for command, each in times.items():
            each.append(milliseconds(command))
    return {command: each[1:] for command, each in times.items()}


def table(times: dict[str, list[float]]) -> str:
    """Medians and extremes beside the limits, as Markdown."""
    lines = ["| command | limit, ms | median | min | max |", "|---|--:|--:|--:|--:|"]
    for command, each in times.items():
        median = statistics.median(each)
        figures = f"{median:.0f} | {min(each):.0f} | {max(each):.0f}"
        lines.append(f"| `{command}` | {LIMITS[command]} | {figures} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table, and keep it if asked to."""
    times = measure()
    record("startup", "Whole processes", table(times), {"rounds": ROUNDS, "milliseconds": times})


if __name__ == "__main__":
    main()
