"""Some modules of CPython's own tests; `make cpython-tests` runs more of them."""

import platform
import sys

import pytest
from cpython import judging, recording

pytestmark = pytest.mark.timeout(400)

VERSION = platform.python_version()


@pytest.mark.parametrize(
    "module", ["test_threading", "test_thread", "test_threading_local", "test_queue", "test_fork1"]
)
@pytest.mark.usefixtures("engine")
def test_only_those_cases_of_cpython_fail_that_are_known_to(module):
    if not judging.is_there(sys.executable, module):
        pytest.skip("this interpreter came without its tests")
    outcomes = judging.run(sys.executable, module, recording.with_fibers())
    failed = judging.names_with(outcomes, "failed", "hung", "crashed")
    known = {case for case in outcomes if judging.is_known(case, VERSION)}
    assert judging.names_with(outcomes, "passed")
    assert known <= failed, "the others are to be taken from the list"
    assert fail_on_fibers_only(module, {case: outcomes[case] for case in failed - known}) == {}


def fail_on_fibers_only(module, failed):
    again = judging.failed_again(sys.executable, module, recording.with_fibers(), failed)
    plain = judging.failed_again(sys.executable, module, recording.plain_environment(), again)
    return {case: again[case] for case in again.keys() - plain.keys()}
