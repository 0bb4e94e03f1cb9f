import gc

import pytest

from flux.collector import without_collector


@without_collector
def at_work():
    return gc.isenabled()


@without_collector
def failing():
    raise LookupError


def test_collector_rests_while_the_function_runs():
    assert not at_work()


def test_collector_is_at_work_again_afterwards():
    with pytest.raises(LookupError):
        failing()
    assert gc.isenabled()
