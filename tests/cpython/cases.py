"""Run by the interpreter under test: one module of CPython's tests, told case by case.

It imports nothing of ours, for that interpreter needs nothing of ours. What it is to do comes as
JSON: the `module`, a file to `tell` of each case when it begins and ends, and the cases to `omit`,
or the `only` ones to run.
"""

import json
import signal
import sys
import unittest
from pathlib import Path

from test import support


class Telling(unittest.TestResult):
    """Writes a line as each case begins, and one as it ends: a later process can see where."""

    def __init__(self, file):
        super().__init__()
        self._file = file
        self._outcome = ("passed", "")

    def startTest(self, test):  # noqa: N802 - unittest's name
        super().startTest(test)
        self._outcome = ("passed", "")
        self._tell("began", test)

    def stopTest(self, test):  # noqa: N802
        super().stopTest(test)
        self._tell(self._outcome[0], test, self._outcome[1])

    def addFailure(self, test, err):  # noqa: N802
        super().addFailure(test, err)
        self._fail(test, err)

    def addError(self, test, err):  # noqa: N802
        super().addError(test, err)
        self._fail(test, err)
        if not isinstance(test, unittest.TestCase):  # what is set up for many
            self._tell("failed", test, self._outcome[1])

    def addSubTest(self, test, subtest, err):  # noqa: N802
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._fail(subtest, err)

    def addSkip(self, test, reason):  # noqa: N802
        super().addSkip(test, reason)
        self._outcome = ("skipped", reason)

    def addUnexpectedSuccess(self, test):  # noqa: N802
        super().addUnexpectedSuccess(test)
        self._outcome = ("failed", "unexpected success")

    def _fail(self, test, err):
        if self._outcome[0] != "failed":
            self._outcome = ("failed", self._exc_info_to_string(err, test))

    def _tell(self, outcome, test, why=""):
        print(json.dumps([outcome, test.id(), why]), file=self._file, flush=True)


def prepare(work):
    """What `python -m test` does first, as far as any of these modules needs it."""
    # Who is started in the background of a shell ignores it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    support.use_resources = work["resources"]
    support.verbose = 0


def cases_of(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from cases_of(each)
        else:
            yield each


def chosen(suite, work):
    """The cases that are to be run, in groups as before."""
    kept = unittest.TestSuite()
    for case in cases_of(suite):
        if case.id() not in work["omit"] and (not work["only"] or case.id() in work["only"]):
            kept.addTest(case)
    return kept


def main():
    work = json.loads(sys.argv[1])
    sys.argv[1:] = []
    prepare(work)
    with Path(work["tell"]).open("a", encoding="utf-8") as file:
        try:
            suite = unittest.defaultTestLoader.loadTestsFromName(work["module"])
            chosen(suite, work).run(Telling(file))
        except unittest.SkipTest as skipped:
            print(json.dumps(["skipped", work["module"], str(skipped)]), file=file, flush=True)
        print(json.dumps(["ended", "", ""]), file=file, flush=True)


if __name__ == "__main__":
    main()
