"""How CPython's tests are run: each case has an outcome of its own, whatever the others do."""

import sys
from textwrap import dedent

import pytest
from cpython import recording, running

CASES = """
    import os, unittest

    class Cases(unittest.TestCase):
        def test_a_pass(self):
            pass

        def test_b_crash(self):
            os.abort()

        def test_c_failure(self):
            self.fail("wrong")

        def test_d_part(self):
            with self.subTest(part=1):
                self.fail("in part")

        def test_e_skip(self):
            self.skipTest("elsewhere")

    class NeverSetUp(unittest.TestCase):
        @classmethod
        def setUpClass(cls):
            raise OSError("no such thing")

        def test_it(self):
            pass
"""
WORK = {"module": "many_cases", "only": [], "omit": [], "resources": []}


@pytest.fixture
def environment(tmp_path):
    (tmp_path / "many_cases.py").write_text(dedent(CASES), encoding="utf-8")
    return recording.plain_environment() | {"PYTHONPATH": str(tmp_path)}


@pytest.fixture
def outcomes(environment):
    return running.outcomes_of(sys.executable, environment, WORK)


def test_cases_after_a_crash_are_run(outcomes):
    assert {
        case.removeprefix("many_cases."): outcome for case, (outcome, _) in outcomes.items()
    } == {
        "Cases.test_a_pass": "passed",
        "Cases.test_b_crash": "crashed",
        "Cases.test_c_failure": "failed",
        "Cases.test_d_part": "failed",
        "Cases.test_e_skip": "skipped",
        "setUpClass (many_cases.NeverSetUp)": "failed",
    }


def test_the_cases_named_are_run_only(environment):
    only = ["many_cases.Cases.test_c_failure"]
    [(case, (outcome, why))] = running.outcomes_of(
        sys.executable, environment, WORK | {"only": only}
    ).items()
    assert (case, outcome) == (only[0], "failed")
    assert why.strip().endswith("AssertionError: wrong")


def test_what_is_worse_with_fibers_is_told(outcomes):
    case = "many_cases.Cases.test_a_pass"
    fibers = outcomes | {case: ("hung", "")}
    assert recording.differing(outcomes, outcomes) == {}
    assert recording.differing(outcomes, fibers) == {case: ("hung", "")}
    without = {name: told for name, told in outcomes.items() if name != case}
    assert recording.differing(outcomes, without) == {case: ("missing", "")}
