"""One small HTTP server in Python, on Flux's runtimes and on other servers.

Run `python benchmarks/python.py`; with `--write`, the results beside it are renewed; with
`--short`, everything is done for a moment only, to see that it works. Servers have the first
processor, and the load generator (`load/`), which checks every reply, the second. The peers are
installed into an environment of their own.
"""

import sys
from dataclasses import asdict

from measuring.builds import program, require
from measuring.descriptors import raise_limit
from measuring.facts import disturbance, plain, version
from record import record
from serving import environment, rates
from serving.settings import FULL, SHORT

PACKAGES = {"g++": "g++", "taskset": "util-linux"}


def main() -> None:
    """Measure, print the tables, and keep them if asked to."""
    require(PACKAGES)
    settings = SHORT if "--short" in sys.argv else FULL
    program("load")
    environment.prepare()
    raise_limit()
    measured = rates.measure(settings)
    text = "\n\n".join([rates.text(measured), disturbance(measured)])
    figures = {
        "versions": {"g++": version("g++", "--version"), **environment.versions()},
        "settings": asdict(settings),
        "disturbance": disturbance(measured),
        "measured": plain(measured),
    }
    record("python", "Servers in Python", text, figures)


if __name__ == "__main__":
    main()
