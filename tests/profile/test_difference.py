from dataclasses import replace

import msgspec
import pytest
from measured.image import MS, SECOND, WAYS, constraint, image_profile, same, spread

from flux.profile.difference import AnotherError, since
from flux.profile.model import Case, Gil, Served

EARLIER = image_profile([replace(way, count=way.count // 2) for way in WAYS], elapsed=4 * SECOND)
LATER = image_profile()


def test_a_difference_has_the_time_between():
    assert since(LATER, EARLIER).elapsed == 6 * SECOND


def test_a_difference_has_the_flows_between():
    found = since(LATER, EARLIER)
    assert [path.count for path in found.paths] == [way.count - way.count // 2 for way in WAYS]
    assert [path.wall.count for path in found.paths] == [path.count for path in found.paths]


def test_paths_keep_their_numbers():
    assert [path.path for path in since(LATER, EARLIER).paths] == [way.path for way in WAYS]


def test_what_is_new_is_all_there():
    earlier = image_profile(WAYS[1:], elapsed=SECOND, nodes=(), constraints=(), cases=())
    found = since(LATER, earlier)
    assert found.paths[0] == LATER.paths[0]
    assert (found.nodes, found.constraints, found.cases) == (
        LATER.nodes,
        LATER.constraints,
        LATER.cases,
    )


def test_everything_is_subtracted():
    found = since(LATER, LATER)
    assert {path.count for path in found.paths} == {0}
    assert {(node.calls, node.failures, node.wall.total) for node in found.nodes} == {(0, 0, 0)}
    assert (found.constraints[0].acquired, found.constraints[0].holding.count) == (0, 0)
    assert [case.count for case in found.cases] == [0, 0]
    assert (found.sources[0].started, found.sources[0].gaps.count) == (0, 0)
    assert (found.elapsed, found.cpu) == (0, 0)


def test_what_nodes_spent_on_a_path_is_subtracted():
    earlier = image_profile([replace(WAYS[0], spent=(("Write", 3),))])
    later = image_profile([replace(WAYS[0], spent=(("Write", 10), ("Complete", 2)))])
    assert since(later, earlier).paths[0].spent == (("Write", 7), ("Complete", 2))


def test_flows_that_were_timed_are_subtracted():
    earlier, later = (image_profile(timed=timed) for timed in (1_000, 1_300))
    assert since(later, earlier).timed == 300


def test_samples_of_pythons_lock_are_subtracted():
    earlier, later = (image_profile(gil=gil) for gil in (Gil(100, 20, 10), Gil(150, 30, 15)))
    assert since(later, earlier).gil == Gil(50, 10, 5)


@pytest.mark.parametrize(
    "changes",
    [
        {"began": 1.0},
        {"server": Served("python", "pool", 2, 4712)},
        {"elapsed": SECOND},
        {"fingerprint": "other"},
        {"cases": (Case("Handler", "[_, hit]", 1),)},
        {"constraints": (constraint("cache", 10, MS, MS),)},
    ],
)
def test_a_server_that_was_started_again_has_no_difference(changes):
    with pytest.raises(AnotherError, match="started again, or its profile was cleared"):
        since(msgspec.structs.replace(LATER, **changes), EARLIER)


def test_values_that_nobody_measured_are_zero():
    assert same(3, MS).over(6).mean == MS / 2
    assert spread(10, MS).over(4) == spread(10, MS)
