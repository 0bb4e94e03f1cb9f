"""The web server under the load of the paper, against nginx, h2o, lighttpd, Apache and others.

Run `python benchmarks/web.py`; with `--write`, the results beside it are renewed. With `--quick`,
everything is done for a moment only, to see that it works; with `--paper`, each measurement lasts
two minutes, of which the first twenty seconds don't count, and the whole a night.

Clients ask for five of SPECweb99's static files (`hosting/files.py`) on a connection, one after the
other, and then connect anew. Servers have the first processor, and the load generator (`load/`)
the second. It compares all bytes of all replies. The peers in Python are installed into an
environment of their own.
"""

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from hosting import aims, files, logs, php, rates
from hosting.picture import picture
from hosting.rates import Rates
from hosting.servers import IN_PYTHON, NATIVE, running
from hosting.settings import FULL, PAPER, QUICK, Settings
from measuring.builds import program, require
from measuring.descriptors import raise_limit
from measuring.facts import disturbance, plain, version
from record import RESULTS, record
from serving import environment

PACKAGES = {
    "g++": "g++",
    "nginx": "nginx-light",
    "h2o": "h2o",
    "lighttpd": "lighttpd",
    "apache2": "apache2-bin",
    "php-fpm*": "php-fpm",
    "php-config": "libphp-embed php-dev",
    "taskset": "util-linux",
}
VERSIONS = {
    "nginx": ("nginx", "-v"),
    "h2o": ("h2o", "-v"),
    "lighttpd": ("lighttpd", "-v"),
    "apache2": ("apache2", "-v"),
    "php-fpm": ("sh", "-c", "/usr/sbin/php-fpm* -v"),
    "g++": ("g++", "--version"),
}
ROWS = {"C++ and its peers": [*NATIVE], "Python and its peers": [*IN_PYTHON]}
PEERS = [
    name for names in ROWS.values() for name in names if not name.startswith(("C++", "Python"))
]


@dataclass(frozen=True, slots=True)
class Measured:
    """All of it."""

    files: list[Rates]
    logging: list[Rates]
    scripts: list[Rates]


def measure(settings: Settings) -> Measured:
    """Files, then the same with an access log, then a script."""
    with running({**NATIVE, **IN_PYTHON}) as servers:
        rates.warm(servers, files.TARGETS, settings)
        static = [rates.measure(servers, files.TARGETS, each, settings) for each in rates.CLIENTS]
    with running(logs.servers()) as servers:
        logging = [rates.measure(servers, files.TARGETS, each, settings) for each in logs.CLIENTS]
    with running(php.SERVERS) as servers:
        scripts = [rates.measure(servers, php.TARGETS, each, settings) for each in php.CLIENTS]
    return Measured(static, logging, scripts)


def text(measured: Measured) -> str:
    """All tables."""
    tables = [aims.text(measured.files)]
    for title, names in ROWS.items():
        tables += [rates.text(each, title, names) for each in measured.files]
    for title, answers in (("an access log", measured.logging), ("hello.php", measured.scripts)):
        tables += [rates.text(each, title, [*each.servers]) for each in answers]
    return "\n\n".join([*tables, disturbance(all_of(measured))])


def all_of(measured: Measured) -> Sequence[Sequence[Rates]]:
    """The same as a list."""
    return [measured.files, measured.logging, measured.scripts]


def chosen_settings() -> Settings:
    """As the command line says."""
    if "--paper" in sys.argv:
        return PAPER
    return QUICK if "--quick" in sys.argv else FULL


def main() -> None:
    """Measure, print the tables, and keep them if asked to."""
    require(PACKAGES)
    settings = chosen_settings()
    program("load")
    environment.prepare()
    raise_limit()
    files.prepare()
    php.prepare()
    measured = measure(settings)
    figures = {
        "versions": {name: version(*command) for name, command in VERSIONS.items()}
        | environment.versions(),
        "settings": asdict(settings),
        "disturbance": disturbance(all_of(measured)),
        "measured": plain(measured),
    }
    record("web", "The web server", text(measured), figures)
    if "--write" in sys.argv:
        (RESULTS / "web.svg").write_text(picture(measured.files, ROWS, PEERS))


if __name__ == "__main__":
    main()
