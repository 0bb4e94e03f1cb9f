"""The supervisor between ticks that the tests give it; its processes are records of ours."""

from signal import SIGHUP, SIGINT, SIGKILL, SIGTERM

import pytest

from flux.reload.supervisor import ABSENCE, GRACE, Supervisor

DRAIN = 25.0


class Process:
    """Runs until a test gives it a status."""

    def __init__(self):
        self.status = None
        self.signals = []
        self.is_abandoned = False

    def poll(self):
        return self.status

    def send(self, signum):
        self.signals.append(signum)

    def abandon(self):
        self.is_abandoned = True


class World:
    """A text of two files, its processes, what was told, and the time."""

    def __init__(self, folder):
        self.program, self.helper = folder / "image.flux", folder / "helper.py"
        self.program.write_text("one")
        self.helper.write_text("one")
        self.checks, self.servers, self.told, self.now = [], [], [], 0.0
        self.supervisor = Supervisor(self, DRAIN, self.told.append, lambda: self.now)

    def files(self):
        return [str(self.program), str(self.helper)]

    def check(self):
        self.checks.append(Process())
        return self.checks[-1]

    def serve(self):
        self.servers.append(Process())
        return self.servers[-1]

    def pass_check(self, status=0):
        self.checks[-1].status = status
        return False

    def change(self, text="two"):
        self.program.write_text(text)
        return True

    def run(self, *steps):
        """Take steps, each of which ends with a tick, then stop as a terminal does."""
        return self.supervisor.run(step() for step in (*steps, *self.ending()))

    def ending(self):
        yield lambda: self.supervisor.ask(SIGINT)
        yield lambda: self.servers and self.end(0)

    def end(self, status):
        self.servers[-1].status = status
        return False


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def nothing():
    return False


def test_a_text_is_served_when_it_has_been_checked(world):
    assert world.run(nothing, world.pass_check) == 0
    assert len(world.checks) == len(world.servers) == 1
    assert world.told == []


def test_a_text_with_mistakes_is_not_served_until_it_has_changed(world):
    world.run(lambda: world.pass_check(1), nothing, world.change, world.pass_check)
    assert world.told == ["waiting for a change", "image.flux has changed: starting"]
    assert len(world.servers) == 1


def test_what_is_wrong_with_the_command_itself_ends_it(world):
    assert world.run(lambda: world.pass_check(2)) == 2
    assert world.told == []


def test_a_change_is_checked_before_the_old_server_is_asked_to_end(world):
    def still_serving():
        assert world.servers[0].signals == []
        return world.pass_check()

    def asked():
        assert world.servers[0].signals == [SIGTERM]
        assert len(world.servers) == 1
        return world.end(0)

    world.run(world.pass_check, world.change, nothing, still_serving, asked)
    assert len(world.servers) == 2
    assert world.told == ["image.flux has changed: restarting"]


def test_a_change_with_mistakes_keeps_the_old_server(world):
    world.run(world.pass_check, world.change, lambda: world.pass_check(1), nothing)
    assert [server.signals for server in world.servers] == [[SIGINT]]
    assert world.told == [
        "image.flux has changed, and there are mistakes: the server goes on as it was"
    ]


def test_a_change_that_is_taken_back_keeps_the_old_server(world):
    def take_back():
        return world.change("one")

    world.run(world.pass_check, world.change, lambda: world.pass_check(1), take_back, nothing)
    assert [server.signals for server in world.servers] == [[SIGINT]]
    assert len(world.checks) == 2
    assert world.told[-1] == "image.flux has changed: it is what the server has"


def test_a_change_that_is_taken_back_during_its_check_ends_the_check(world):
    world.run(world.pass_check, world.change, lambda: world.change("one"), nothing)
    assert [check.is_abandoned for check in world.checks] == [False, True]
    assert len(world.servers) == 1


def test_a_change_that_is_taken_back_while_the_old_server_drains_is_served(world):
    def take_back():
        return world.change("one")

    world.run(
        world.pass_check, world.change, world.pass_check, take_back,
        world.pass_check, lambda: world.end(0), nothing,
    )  # fmt: skip
    assert len(world.servers) == 2


def test_a_file_that_was_only_touched_has_not_changed(world):
    world.run(world.pass_check, lambda: world.change("one"), nothing)
    assert len(world.checks) == 1


def test_a_tick_without_changes_reads_no_files(world):
    world.run(world.pass_check, lambda: world.change() and False)
    assert len(world.checks) == 1


def test_several_changes_at_a_time_are_one_restart(world):
    def change_both():
        world.helper.write_text("two")
        return world.change()

    world.run(world.pass_check, change_both, world.pass_check)
    assert world.told == ["image.flux and 1 more have changed: restarting"]


def test_a_change_during_a_check_begins_it_anew(world):
    world.run(world.pass_check, world.change, lambda: world.change("three"), world.pass_check)
    assert [check.is_abandoned for check in world.checks] == [False, True, False]
    assert len(world.told) == 1


def test_a_change_while_the_old_server_drains_is_checked_before_the_new_one_starts(world):
    def change_and_end():
        world.end(0)
        return world.change("three")

    def not_yet():
        assert len(world.servers) == 1
        return world.pass_check()

    world.run(world.pass_check, world.change, world.pass_check, change_and_end, not_yet)
    assert len(world.servers) == 2


def test_a_file_may_be_gone_for_a_moment(world):
    def remove():
        world.program.unlink()
        return True

    def bring_back():
        world.now += ABSENCE / 2
        world.program.write_text("one")
        return False

    world.run(world.pass_check, remove, nothing, bring_back, nothing)
    assert len(world.checks) == 1


def test_a_file_that_stays_away_is_a_change(world):
    def remove():
        world.helper.unlink()
        return True

    def wait():
        world.now += ABSENCE
        return False

    world.run(world.pass_check, remove, wait, world.pass_check)
    assert world.told == ["helper.py has changed: restarting"]


def test_a_server_that_ends_by_itself_waits_for_a_change(world):
    world.run(
        world.pass_check, lambda: world.end(3), nothing, nothing, world.change, world.pass_check
    )
    assert world.told == [
        "the server has ended with 3: waiting for a change",
        "image.flux has changed: starting",
    ]
    assert len(world.servers) == 2


def test_the_status_is_that_of_the_last_server(world):
    assert world.run(world.pass_check, lambda: world.end(3)) == 3


def test_a_server_that_does_not_drain_in_time_is_killed_once(world):
    def wait():
        world.now += DRAIN + GRACE + 1
        return False

    world.run(world.pass_check, world.change, world.pass_check, wait, wait, lambda: world.end(137))
    assert world.servers[0].signals == [SIGTERM, SIGKILL]
    assert world.told[-1] == "the server does not end, and is killed"
    assert len(world.servers) == 2


@pytest.mark.parametrize(
    ("signum", "sent"), [(SIGINT, SIGINT), (SIGTERM, SIGTERM), (SIGHUP, SIGTERM)]
)
def test_a_signal_is_handed_on_once(world, signum, sent):
    def signal():
        world.supervisor.ask(signum)
        return False

    ticks = (step() for step in (world.pass_check, signal, nothing, lambda: world.end(4)))
    assert world.supervisor.run(ticks) == 4
    assert world.servers[0].signals == [sent]


def test_a_second_signal_is_handed_on_too(world):
    def signal():
        world.supervisor.ask(SIGINT)
        return False

    ticks = (step() for step in (world.pass_check, signal, signal, lambda: world.end(130)))
    assert world.supervisor.run(ticks) == 130
    assert world.servers[0].signals == [SIGINT, SIGINT]


def test_a_signal_does_not_hurry_a_server_that_drains_for_a_restart(world):
    assert world.run(world.pass_check, world.change, world.pass_check) == 0
    assert world.servers[0].signals == [SIGTERM]
    assert len(world.servers) == 1


def test_a_signal_ends_a_check_and_no_change_begins_another(world):
    steps = (lambda: world.supervisor.ask(SIGTERM), world.change)
    assert world.supervisor.run(step() for step in steps) == 1
    assert [check.is_abandoned for check in world.checks] == [True]


def test_nothing_is_left_behind_when_the_watch_fails(world):
    def fail():
        raise OSError("no more watches")

    with pytest.raises(OSError, match="no more watches"):
        world.run(world.pass_check, world.change, fail)
    assert world.servers[0].signals == [SIGTERM]
    assert world.checks[1].is_abandoned


def test_files_that_a_new_text_brings_are_watched(world, tmp_path):
    brought = tmp_path / "brought.py"
    world.files = lambda: [str(world.program), str(brought)]

    def bring():
        brought.write_text("new")
        return True

    world.run(world.pass_check, bring, world.pass_check)
    assert world.told == ["brought.py has changed: restarting"]
