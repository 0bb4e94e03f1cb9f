"""What fibers change in the outcomes of CPython's own tests."""

import subprocess
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from cpython.running import outcomes_of

MODULES = (
    "test_threading",
    "test_thread",
    "test_threading_local",
    "test_queue",
    "test_socket",
    "test_select",
    "test_selectors",
    "test_ssl",
    "test_subprocess",
    "test_signal",
    "test_fork1",
    "test_concurrent_futures",
    "test_asyncio",
    "test_time",
    "test_socketserver",
    "test_httpservers",
    "test_urllib2_localnet",
    "test_sqlite3",
)
# So large that each of its modules has a process of its own.
SPLIT = ("test_asyncio",)
# It needs no network but the machine's own, and yet asks for it.
RESOURCES = {"test_socketserver": ["network"]}
_KNOWN = Path(__file__).with_name("failures.toml")
_FIND = """
import importlib.util, pkgutil, sys
spec = importlib.util.find_spec(sys.argv[1])
names = pkgutil.iter_modules(spec.submodule_search_locations or []) if spec else []
print(bool(spec), *(name for _, name, _ in names if name.startswith("test_")))
"""


@dataclass(frozen=True, slots=True)
class Known:
    """Cases that are known to fail on fibers, and only there."""

    cases: list[str]  # patterns
    reason: str
    pythons: list[str]  # the beginnings of their versions

    def names(self, case, version):
        """Whether it is one of these cases."""
        meant = any(fnmatchcase(case, pattern) for pattern in self.cases)
        return meant and any(f"{version}.".startswith(f"{each}.") for each in self.pythons)


def known_failures():
    """All that are listed."""
    with _KNOWN.open("rb") as file:
        return [Known(**each) for each in tomllib.load(file)["failures"]]


def is_known(case, version):
    """Whether it is listed."""
    return any(each.names(case, version) for each in known_failures())


def is_there(interpreter, module):
    """Whether the interpreter has this module of CPython's tests."""
    return _find(interpreter, module)[0] == "True"


def run(interpreter, module, environment, *, only=(), omit=()):
    """The outcomes of a module's cases: of the `only` ones, or of all but those to `omit`."""
    work = {"only": sorted(only), "omit": sorted(omit), "resources": RESOURCES.get(module, [])}
    outcomes = {}
    for part in _parts(interpreter, f"test.{module}", only):
        outcomes |= outcomes_of(interpreter, environment, work | {"module": part})
    return outcomes


def _parts(interpreter, module, only):
    """The modules of a large package which have any of the `only` cases."""
    if module.removeprefix("test.") not in SPLIT:
        return [module]
    parts = [f"{module}.{name}" for name in _find(interpreter, module.removeprefix("test."))[1:]]
    return [part for part in parts if not only or any(case.startswith(f"{part}.") for case in only)]


def _find(interpreter, module):
    """Whether it is there, and the tests' modules in it."""
    ask = [interpreter, "-c", _FIND, f"test.{module}"]
    return subprocess.check_output(ask, text=True).split()


def names_with(outcomes, *kinds):
    """The cases of which one of these became."""
    return {case for case, (outcome, _) in outcomes.items() if outcome in kinds}


def failed_again(interpreter, module, environment, failed):
    """Those of the failed that fail alone, too, and how; a busy machine is too slow for some."""
    cases = {case for case in failed if case.startswith("test.")}
    again = run(interpreter, module, environment, only=cases) if cases else {}
    passed = names_with(again, "passed")
    return {case: again.get(case, why) for case, why in failed.items() if case not in passed}
