"""The image server in C++ and in Python, against libjpeg-turbo alone and against nginx.

Run `python benchmarks/image.py`; with `--write`, the results beside it are renewed; with `--quick`,
everything is done for a moment only, to see that it works. Servers have the first processor, and
the load generator (`load/`) the second. It checks every reply, and the tables count what was wrong.
"""

import sys
from dataclasses import asdict

from imaging import hits, limits, misses, overload, pictures
from imaging.settings import FULL, QUICK, Settings
from measuring.builds import program, require
from measuring.facts import disturbance, plain, version
from record import record

PACKAGES = {
    "g++": "g++",
    "nginx": "nginx-light",
    "jpeglib.h": "libjpeg62-turbo-dev",
    "taskset": "util-linux",
}
VERSIONS = {"nginx": ("nginx", "-v"), "g++": ("g++", "--version")}

Tables = list[str]


def answers(settings: Settings) -> tuple[dict[str, object], Tables]:
    """What was measured for each question, and the tables of it."""
    misses_, hits_ = misses.measure(settings), hits.measure(settings)
    overload_, limits_ = overload.measure(settings), limits.measure(settings)
    texts = [misses.text(misses_), hits.text(hits_), overload.text(overload_), limits.text(limits_)]
    return {"misses": misses_, "hits": hits_, "overload": overload_, "limits": limits_}, texts


def main() -> None:
    """Measure, print the tables, and keep them if asked to."""
    require(PACKAGES)
    settings = QUICK if "--quick" in sys.argv else FULL
    program("load")
    pictures.prepare()
    measured, texts = answers(settings)
    figures = {
        "versions": {name: version(*command) for name, command in VERSIONS.items()},
        "settings": asdict(settings),
        "disturbance": disturbance(measured),
        "measured": plain(measured),
    }
    record("image", "The image server", "\n\n".join([*texts, disturbance(measured)]), figures)


if __name__ == "__main__":
    main()
