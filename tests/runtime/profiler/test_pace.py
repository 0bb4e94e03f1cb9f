import pytest
from runtime.profiler.profiles import nodes, paths, program, read, served

from flux.runtime.profiler import pace as paces
from flux.runtime.profiler.marks import BEGAN, Marks
from flux.runtime.profiler.pace import BLOCK, MOST, RUSH, SLOW, Pace
from flux.runtime.profiling import ProfileOptions

SECOND = 10**9
FLOWS = 3000
WEIGHT = 4
DEVIATION = (FLOWS * (WEIGHT - 1)) ** 0.5


@pytest.fixture
def marks():
    return Marks()


def run(pace, rate, flows, begin=SECOND):
    """Let flows begin at a rate; the time at their end."""
    for number in range(flows // BLOCK + 1):
        time = begin + number * BLOCK * SECOND // rate
        pace.learn(time, BLOCK)
    return time


def weight(pace, marks):
    """For how many flows one stands that is timed, which is as rare."""
    (mark,) = marks.shape([pace.mark])
    assert pace.chance * mark.stands_for == 1
    return mark.stands_for


def test_all_flows_are_timed_while_they_come_slowly(marks):
    pace = Pace(marks)
    run(pace, SLOW, 10 * RUSH)
    assert pace.mark == BEGAN
    assert pace.chance == 1


def test_thousands_of_a_rush_are_timed(marks):
    pace = Pace(marks)
    run(pace, 8 * SLOW, RUSH - 2 * BLOCK)
    assert weight(pace, marks) == 1


@pytest.mark.parametrize(("rate", "found"), [(1.5, 2), (8, 8), (9, 16), (1000, MOST)])
def test_flows_that_go_on_coming_fast_are_timed_in_part(marks, rate, found):
    pace = Pace(marks)
    run(pace, int(rate * SLOW), 2 * RUSH)
    assert weight(pace, marks) == found


def test_all_are_timed_again_once_they_come_slowly_and_the_next_rush_as_well(marks):
    pace = Pace(marks)
    later = run(pace, 8 * SLOW, 2 * RUSH)
    pace.learn(later + 2 * SECOND, 1)
    assert weight(pace, marks) == 1
    pause = 2 + RUSH // SLOW
    pace.learn(later + pause * SECOND, 1)
    run(pace, 8 * SLOW, RUSH - 2 * BLOCK, later + pause * SECOND)
    assert weight(pace, marks) == 1


def test_after_a_pause_as_many_are_timed_as_might_have_been_in_it(marks):
    pace = Pace(marks)
    later = run(pace, 8 * SLOW, 2 * RUSH)
    begin = later + 5 * SECOND
    pace.learn(begin, 1)
    then = run(pace, 8 * SLOW, 4 * SLOW, begin)
    assert weight(pace, marks) == 1
    run(pace, 8 * SLOW, 4 * SLOW, then)
    assert weight(pace, marks) == 8


def test_time_without_a_profile_makes_no_flows_slow(marks):
    pace = Pace(marks)
    later = run(pace, 8 * SLOW, 2 * RUSH)
    pace.pause()
    pace.learn(later + 100 * SECOND, 1)
    assert weight(pace, marks) == 8


@pytest.fixture
def in_a_hurry(monkeypatch):
    """Everything is fast, and has been for long."""
    for name, value in {"RUSH": 0, "SLOW": 1, "MOST": WEIGHT}.items():
        monkeypatch.setattr(paces, name, value)


def listen():
    yield from range(FLOWS)


def miss(item):
    if item % 3 == 0:
        raise ValueError(item)
    return item


@pytest.fixture
def server(in_a_hurry, tmp_path):  # noqa: ARG001 - it makes the profile what it is
    """One that has run until its sources ended."""
    options = ProfileOptions(on=True, file=str(tmp_path / "it.json"))
    server = program(tmp_path, Listen=listen, Miss=miss).server(profile=options)
    with server:
        server.wait()
    return server


@pytest.fixture
def profile(server):
    return read(server)


def test_who_asks_for_live_flows_is_told_of_how_many_one_is_looked_at(server):
    assert server.profiler.read_flows()["every"] == WEIGHT


def test_flows_that_are_not_timed_count_once_on_their_paths(profile):
    assert paths(profile) == {
        ("Listen -> First -> Choose:[even] -> Hit -> End", "finished"): FLOWS // 2,
        ("Listen -> First -> Choose:[_] -> Miss -> End", "finished"): FLOWS // 3,
        ("Listen -> First -> Choose:[_] -> Miss fails -> Sorry", "handled"): FLOWS // 6,
    }
    assert [source.started for source in profile.sources] == [FLOWS]
    assert [source.gaps.count for source in profile.sources] == [FLOWS - 1]


def test_flows_that_are_timed_stand_for_the_others(profile):
    assert BLOCK <= profile.timed < FLOWS * 2 // 3
    calls = {name: count for (name, _), (count, _) in nodes(profile).items()}
    assert calls["First"] == pytest.approx(FLOWS, abs=7 * DEVIATION)
    assert calls["First"] == calls["Listen"] == sum(path.wall.count for path in profile.paths)
    assert sum(failures for _, failures in nodes(profile).values()) == calls["Sorry"]
    acquired = {(each.constraint, each.mode): each.acquired for each in profile.constraints}
    assert acquired["stock", "writer"] == calls["First"]


@pytest.mark.usefixtures("in_a_hurry")
def test_turns_that_fail_count_once_where_flows_are_not_timed(tmp_path):
    def numbers():
        item = next(items)
        if item in {FLOWS - 2, FLOWS - 1}:
            raise ValueError(item)
        return item

    items = iter(range(FLOWS))
    profile = served(tmp_path, functions={"Listen": numbers, "Miss": miss})
    assert [source.dropped for source in profile.sources] == [2]
    assert paths(profile)["Listen fails", "failed"] == 2
