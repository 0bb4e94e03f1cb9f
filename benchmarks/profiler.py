"""What a profile costs while it is on.

Run `python benchmarks/profiler.py`; with `--write`, the results beside it are renewed.
"""

from measuring.builds import require
from profiling import cpp, python
from record import record


def main() -> None:
    """Measure, print the tables, and keep them if asked to."""
    require({"g++": "g++", "make": "make", "taskset": "util-linux"})
    tables, figures = [], {}
    for target in (cpp, python):
        times = target.measure()
        tables.append(target.table(times))
        figures[target.__name__] = {
            "rounds": target.ROUNDS,
            "flows": target.FLOWS,
            "nanoseconds": times,
        }
    record("profiler", "What a profile costs", "\n\n".join(tables), figures)


if __name__ == "__main__":
    main()
