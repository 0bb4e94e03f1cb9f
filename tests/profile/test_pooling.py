"""Profiles of several processes, taken together."""

from dataclasses import replace

import msgspec
import pytest
from measured.image import HIT, SECOND, WAYS, image_profile

from flux.profile.errors import ProfileError
from flux.profile.pooling import of_workers

NAMES = ("0.json", "1.json", "2.json")


def pool(*profiles):
    return of_workers(profiles, NAMES[: len(profiles)])


def served(profile, **changes):
    return msgspec.structs.replace(profile, server=replaced(profile.server, **changes))


replaced = msgspec.structs.replace


def test_one_profile_stays_as_it_is():
    profile = image_profile()
    assert pool(profile) is profile


def test_all_counts_and_times_are_added_up():
    one = image_profile()
    both = pool(one, one)
    for kind, count in (
        ("paths", "count"),
        ("nodes", "calls"),
        ("nodes", "failures"),
        ("constraints", "acquired"),
        ("constraints", "contended"),
        ("cases", "count"),
        ("sources", "started"),
    ):
        twice = [2 * getattr(each, count) for each in getattr(one, kind)]
        assert [getattr(each, count) for each in getattr(both, kind)] == twice
    assert [each.wall.count for each in both.paths] == [2 * each.wall.count for each in one.paths]
    assert [each.wall.mean for each in both.nodes] == [each.wall.mean for each in one.nodes]


def test_they_are_of_the_same_time_and_need_the_processors_of_all():
    one, other = image_profile(), image_profile(elapsed=4 * SECOND, cpu=SECOND)
    both = pool(one, other)
    assert (both.elapsed, both.cpu) == (one.elapsed, one.cpu + SECOND)


def test_what_only_one_of_them_has_is_kept():
    one, other = image_profile(WAYS[:2], began=7.0), image_profile(WAYS[1:], began=5.0, on=False)
    both = pool(one, other)
    assert [path.count for path in both.paths] == [6_400, 2 * 1_280, 640, 64]
    assert (both.began, both.on) == (5.0, False)


def test_what_nodes_spent_on_a_path_is_added_up():
    ways = [
        replace(WAYS[0], spent=(("Write", 3), ("Complete", 1))),
        replace(WAYS[0], spent=(("Write", 4), ("CheckCache", 2))),
    ]
    (path,) = pool(*(image_profile([way]) for way in ways)).paths
    assert path.name == HIT
    assert dict(path.spent) == {"Write": 7, "Complete": 1, "CheckCache": 2}


def test_it_is_told_how_many_of_the_flows_were_timed():
    flows = sum(way.count for way in WAYS)
    assert pool(image_profile(), image_profile()).timed is None
    assert pool(image_profile(timed=10), image_profile(timed=32)).timed == 42
    assert pool(image_profile(timed=10), image_profile()).timed == 10 + flows


def test_they_are_as_many_workers_as_they_are_of():
    two = pool(image_profile(), served(image_profile(), pid=4712, wakeup=9))
    assert two.server.workers == 2
    assert pool(two, image_profile()).server.workers == 3


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (image_profile(program="other.flux"), "different programs"),
        (image_profile(fingerprint="sha256:0"), "different programs"),
        (served(image_profile(), threads=77), "different runtimes, threads or processors"),
    ],
)
def test_profiles_of_different_servers_are_refused(other, reason):
    with pytest.raises(ProfileError, match=rf"0\.json and 2\.json are .*{reason}"):
        pool(image_profile(), image_profile(), other)
