"""What a profile costs while it is on.

Run `python benchmarks/profiler.py`; with `--write`, the results beside it are renewed.
"""

from profiling import python
from record import record


def main() -> None:
    """Measure, print the tables, and keep them if asked to."""
    times = python.measure()
    figures = {"rounds": python.ROUNDS, "flows": python.FLOWS, "nanoseconds": times}
    record("profiler", "What a profile costs", python.text(times), figures)


if __name__ == "__main__":
    main()
