from contextlib import ExitStack
from dataclasses import replace

import msgspec
import pytest
from measured.image import SECOND, WAYS, image_profile
from measured.server import FakeServer

from flux.profile.client import Server, parsed_address
from flux.profile.errors import ProfileError
from flux.profile.live import fitted, seen
from flux.profile.model import Served
from flux.profile.watching import View, Watch, WatchOfWorkers
from flux.render.paint import plain

LATER = image_profile([replace(way, count=3 * way.count) for way in WAYS], elapsed=11 * SECOND)
AGAIN = image_profile(server=Served("python", "pool", 2, 4712), began=None)
FLOW = {
    "source": "Listen",
    "target": "Image",
    "node": "StoreInCache",
    "state": "waits",
    "holds": ["cart(7)"],
    "awaits": "cache",
    "age": 5_000_000,
}
FLOWS = {"flows": [FLOW] * 20, "more": 100, "on": True}


@pytest.fixture
def watching():
    """A watch that has begun to look at a fake server."""
    opened = []

    def begin(fake):
        listening = fake.listening()
        opened.append(listening)
        watch = Watch(Server(parsed_address(listening.__enter__())))
        watch.begin()
        return watch

    yield begin
    for listening in opened:
        listening.__exit__(None, None, None)


@pytest.fixture
def workers():
    """A watch of two fake servers, which are worker 0 and 1 of one; and where those listen."""
    with ExitStack() as stack:

        def begin(*fakes):
            names = [stack.enter_context(fake.listening()) for fake in fakes]
            watch = WatchOfWorkers([Watch(Server(parsed_address(name))) for name in names])
            watch.begin()
            return watch, names

        yield begin


def shown(view, width=100):
    return "\n".join(seen(view, "time", 5, width, plain))


def test_live_flows_of_which_only_a_share_is_known_are_told_as_that(watching):
    fake = FakeServer(image_profile(), LATER, flows=FLOWS | {"every": 8})
    assert "Live flows: 20 waiting, 100 more; one in 8 is looked at" in shown(watching(fake).look())


def test_a_look_sees_what_happened_since_the_one_before(watching):
    view = watching(FakeServer(image_profile(), LATER)).look()
    assert view.profile.elapsed == SECOND
    assert [path.count for path in view.profile.paths] == [2 * way.count for way in WAYS]


def test_a_server_that_is_off_is_on_while_it_is_watched(watching):
    fake = FakeServer(image_profile(), on=False)
    watch = watching(fake)
    assert fake.on
    watch.close()
    assert not fake.on


def test_a_server_that_is_on_stays_so(watching):
    fake = FakeServer(image_profile())
    watching(fake).close()
    assert "POST /stop" not in fake.asked


def test_who_turns_the_profile_off_is_not_fought(watching):
    fake = FakeServer(image_profile())
    watch = watching(fake)
    fake.on = False
    assert watch.look().trouble == "the profile was turned off by somebody else"
    assert not fake.on


def test_a_server_that_goes_away_and_comes_back_is_watched_on(watching):
    fake = FakeServer(image_profile(), LATER)
    watch = watching(fake)
    fake.answers["GET /profile"] = (503, b"")
    assert "as many clients as it can" in watch.look().trouble
    del fake.answers["GET /profile"]
    assert watch.look().profile.elapsed == SECOND


def test_a_server_that_was_started_again_is_turned_on_again(watching):
    fake = FakeServer(image_profile(), on=False)
    watch = watching(fake)
    fake.profiles, fake.on = [AGAIN], False
    assert "started again" in watch.look().trouble
    assert fake.on
    watch.close()
    assert not fake.on


def test_a_server_that_was_started_again_by_others_is_left_as_it_is(watching):
    fake = FakeServer(image_profile(), on=False)
    watch = watching(fake)
    fake.profiles = [AGAIN]
    watch.close()
    assert fake.on


def test_a_server_that_was_never_there_is_an_error(watching):
    fake = FakeServer(image_profile())
    fake.answers["GET /profile"] = (404, b"")
    with pytest.raises(ProfileError, match="is no Flux server"):
        watching(fake)


def test_the_flows_that_live_are_shown_with_what_they_wait_for(watching):
    text = shown(watching(FakeServer(image_profile(), LATER, flows=FLOWS)).look())
    assert "Live flows: 20 waiting, 100 more" in text
    assert "5.00 ms  waits  Listen => Image in StoreInCache, holds cart(7), awaits cache" in text
    assert "... and 115 more" in text


def test_trouble_is_shown_and_cannot_command_a_terminal():
    assert shown(View(trouble="\x1b[2J is gone")) == "␛[2J is gone"


@pytest.mark.parametrize("height", [1, 10, 24, 30, 50, 200])
def test_a_screen_is_as_full_as_it_can_be(height):
    view = View(image_profile())
    lines = fitted(view, "time", 80, height, plain)
    assert len(lines) <= height
    assert lines[0] == "image.flux"


def test_a_high_screen_shows_everything():
    lines = fitted(View(image_profile()), "time", 80, 200, plain)
    assert lines == list(seen(View(image_profile()), "time", 10, 80, plain))


def test_before_the_first_interval_there_is_nothing():
    assert shown(View()) == "looking ..."


def test_workers_are_seen_as_one(workers):
    watch, _ = workers(*[FakeServer(image_profile(), LATER, flows=FLOWS) for _ in range(2)])
    view = watch.look()
    assert view.profile.server.workers == 2
    assert [path.count for path in view.profile.paths] == [4 * way.count for way in WAYS]
    assert "Live flows: 40 waiting, 200 more" in shown(view)


def test_the_oldest_flows_of_all_workers_come_first(workers):
    old, young = ({"flows": [FLOW | {"age": age}], "more": 0, "on": True} for age in (2000, 1000))
    watch, _ = workers(*[FakeServer(image_profile(), flows=flows) for flows in (young, old)])
    assert [flow.age for flow in watch.look().flows.flows] == [2000, 1000]


def test_a_worker_that_does_not_answer_is_told_and_the_others_are_shown(workers):
    gone, there = (FakeServer(image_profile(), LATER, flows=FLOWS) for _ in range(2))
    watch, names = workers(gone, there)
    gone.answers["GET /profile"] = (503, b"")
    view = watch.look()
    assert view.trouble.startswith(f"{names[0]}: ")
    assert [path.count for path in view.profile.paths] == [2 * way.count for way in WAYS]
    assert len(view.flows.flows) == 20


def test_servers_of_different_programs_are_not_watched_as_one(workers):
    other = msgspec.structs.replace(image_profile(), program="other.flux")
    with pytest.raises(ProfileError, match="profiles of different programs"):
        workers(FakeServer(image_profile()), FakeServer(other))


def test_a_worker_that_runs_another_program_from_now_on_is_told(workers):
    changing = FakeServer(image_profile(), AGAIN)
    watch, _ = workers(changing, FakeServer(image_profile(), LATER))
    changing.profiles = [msgspec.structs.replace(AGAIN, program="other.flux")]
    view = watch.look()
    assert view.profile is None
    assert "profiles of different programs" in view.trouble


def test_all_workers_that_were_off_are_off_again_at_the_end(workers):
    fakes = [FakeServer(image_profile(), on=False) for _ in range(2)]
    watch, _ = workers(*fakes)
    assert all(fake.on for fake in fakes)
    watch.close()
    assert not any(fake.on for fake in fakes)


def test_two_equal_profiles_have_no_time_between_them():
    same = msgspec.structs.replace(image_profile(), elapsed=0)
    assert "measured for 0" in shown(View(same))
