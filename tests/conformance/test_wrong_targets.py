"""The suite itself on trial: a back end that is wrong in one place is found out."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from flux.conformance import PythonCarrier, behaviours_on, carrier, differences

RIGHT = Path(__file__).parent.joinpath("outside", "flux_table.py").read_text()

WRONG = {
    "takes nothing": ("acquire(*session)\n", "continue\n"),
    "takes in the opposite order": ('step["takes"]:', 'step["takes"][::-1]:'),
    "gives nothing back": ("held.callback(release, *session)", "pass"),
    "lets readers write": ('else take["mode"]', 'else "writer"'),
    "knows one session only": ("(flow.session,)", "(0,)"),
    "asks for no session": ('self.sessions[step["function"]](*values)', "None"),
    "prefers the last case": ('step["branches"]:', 'step["branches"][::-1]:'),
    "is content with one pattern": ("if all(", 'if not branch["tests"] or any('),
    "goes on without a match": ('raise flow.no_match(step["node"])', "return values"),
    "handles with too few inputs": ("flow), *values) from error", "flow), 1) from error"),
    "leaves errors alone": ("except Exception as", "except MemoryError as"),
    "gives more than it should": ('values[: len(routine["outputs"])]', "values"),
}


@pytest.fixture(autouse=True)
def impatience(monkeypatch):
    """Some wrong ones never end by themselves."""
    monkeypatch.setattr(carrier, "WATCHDOG", 5.0)
    monkeypatch.setitem(carrier.DEFAULTS, "drain", 1.0)


@pytest.fixture
def alter(outside, monkeypatch):
    """Put a wrong version in the place of the installed back end."""
    assert outside

    def put(old, new):
        assert RIGHT.count(old) == 1
        module = ModuleType("flux_table")
        exec(RIGHT.replace(old, new), vars(module))  # noqa: S102 - our own text
        monkeypatch.setitem(sys.modules, "flux_table", module)

    return put


def is_found_out():
    judged = PythonCarrier("table", "thread")
    return any(differences(each, judged.run(each)) for each in behaviours_on("thread"))


def test_suite_finds_nothing_in_the_right_target(outside):
    assert outside
    assert not is_found_out()


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_suite_finds_out_a_target_that(alter, wrong):
    alter(*wrong)
    assert is_found_out()
