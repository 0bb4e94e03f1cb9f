"""Replies out of memory on the event runtime, in C++, against nginx and h2o.

Run `python benchmarks/event.py`; with `--write`, the results beside it are renewed; with `--quick`,
everything is done for a moment only, to see that it works. Servers have the first processor, and
the load generator the second: `load/`, which checks every reply, or wrk.
"""

import sys
from dataclasses import asdict

from eventing import idle, rates
from eventing.settings import FULL, QUICK
from measuring.builds import program, require
from measuring.descriptors import raise_limit
from measuring.facts import disturbance, plain, version
from record import record

PACKAGES = {
    "g++": "g++",
    "nginx": "nginx-light",
    "h2o": "h2o",
    "wrk": "wrk",
    "taskset": "util-linux",
}
VERSIONS = {
    "nginx": ("nginx", "-v"),
    "h2o": ("h2o", "-v"),
    "wrk": ("sh", "-c", "wrk -v || true"),  # whose status is 1
    "g++": ("g++", "--version"),
}


def main() -> None:
    """Measure, print the tables, and keep them if asked to."""
    require(PACKAGES)
    settings = QUICK if "--quick" in sys.argv else FULL
    program("load")
    descriptors = raise_limit()
    rates_, idle_ = rates.measure(settings), idle.measure(settings)
    measured = {"rates": rates_, "idle": idle_}
    text = "\n\n".join([rates.text(rates_), idle.text(idle_), disturbance(measured)])
    figures = {
        "versions": {name: version(*command) for name, command in VERSIONS.items()},
        "descriptors": descriptors,
        "settings": asdict(settings),
        "disturbance": disturbance(measured),
        "measured": plain(measured),
    }
    record("event", "The event runtime", text, figures)


if __name__ == "__main__":
    main()
