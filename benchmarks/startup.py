"""How long the command line takes from its start to its end.

Run `python benchmarks/startup.py`; with `--write`, the results beside it are renewed. The commands
take turns in every round, an empty Python among them: that much is not ours.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from flux.version import __version__

ROUNDS = 10
ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).with_name("results")

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
    print(table(times))
    if "--write" in sys.argv:
        facts = {
            "command": "python benchmarks/startup.py --write",
            "date": datetime.now(tz=UTC).date().isoformat(),
            "flux": __version__,
            "python": platform.python_version(),
            "machine": platform.machine(),
            "processors": os.cpu_count(),
            "rounds": ROUNDS,
            "milliseconds": times,
        }
        (RESULTS / "startup.json").write_text(json.dumps(facts, indent=1) + "\n")
        title = f"Whole processes, Flux {__version__}, CPython {facts['python']}"
        heading = f"# {title}, {facts['date']}\n\n`{facts['command']}`"
        (RESULTS / "startup.md").write_text(f"{heading}\n\n{table(times)}\n")


if __name__ == "__main__":
    main()
