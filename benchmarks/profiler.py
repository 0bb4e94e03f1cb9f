"""What a profile costs while it is on.

Run `python benchmarks/profiler.py`; with `--write`, the results beside it are renewed.
"""

from measuring.builds import require
from measuring.facts import plain
from profiling import cpp, image, python
from record import record

PACKAGES = {
    "g++": "g++",
    "make": "make",
    "jpeglib.h": "libjpeg62-turbo-dev",
    "taskset": "util-linux",
}


def main() -> None:
    """Measure, print the tables, and keep them if asked to."""
    require(PACKAGES)
    hits = image.measure()
    tables, figures = [image.text(hits)], {"hits": plain(hits)}
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
