"""Which flows count when the profile goes on and off while turns wait."""

import threading
from contextlib import contextmanager
from queue import SimpleQueue

import pytest
from runtime.profiler.profiles import PROGRAM, nodes, paths, program, read

HELD = "constraint Listen: {door};\n"


class Served:
    """A server whose source gives what it is told to, one after the other."""

    def __init__(self, tmp_path, text=None):
        self.given = SimpleQueue()
        self.listening = SimpleQueue()
        self.ended = SimpleQueue()
        arguments = () if text is None else (text,)
        self.entered, self.leave = threading.Event(), threading.Event()
        self.leave.set()
        functions = {"Listen": self._listen, "First": self._first}
        self.server = program(tmp_path, *arguments, **functions).server(
            runtime="pool", threads=1, on_end=lambda *_: self.ended.put(None)
        )

    def _listen(self):
        self.listening.put(None)
        if (item := self.given.get()) is None:
            raise StopIteration
        return item

    def _first(self, item):
        self.entered.set()
        assert self.leave.wait(10)
        return item

    @contextmanager
    def held(self):
        """Keep flows in their first node."""
        self.leave.clear()
        self.entered.clear()
        yield
        self.leave.set()

    def wait_for_turn(self):
        self.listening.get(timeout=10)

    def give(self, item):
        """Let the turn that waits give something, and its flow run to its end."""
        self.given.put(item)
        self.ended.get(timeout=10)


@pytest.fixture
def serve(tmp_path):
    made = []

    def start(*arguments):
        made.append(served := Served(tmp_path, *arguments))
        served.server.start()
        return served

    yield start
    for served in made:
        served.given.put(None)
        served.server.wait()
        served.server.stop()


def test_flow_counts_if_its_turn_waited_when_the_profile_went_on(serve):
    served = serve()
    served.wait_for_turn()
    served.server.profiler.start()
    served.give(2)
    profile = read(served.server)
    assert list(paths(profile).values()) == [1]
    assert nodes(profile) == dict.fromkeys(
        [
            ("By", "session"),
            ("First", "node"),
            ("IsEven", "predicate"),
            ("Hit", "node"),
            ("End", "node"),
        ],
        (1, 0),
    )
    assert [source.started for source in profile.sources] == [1]


def test_flow_does_not_count_if_its_turn_waited_when_the_profile_went_off(serve):
    served = serve()
    served.server.profiler.start()
    served.wait_for_turn()
    served.give(2)
    served.wait_for_turn()
    served.server.profiler.stop()
    served.give(2)
    profile = read(served.server)
    assert list(paths(profile).values()) == [1]
    assert nodes(profile)["Hit", "node"] == (1, 0)


def test_first_node_counts_if_it_was_called_while_the_profile_was_on(serve):
    served = serve()
    served.wait_for_turn()
    served.server.profiler.start()
    served.give(2)
    served.wait_for_turn()
    served.server.profiler.stop()
    served.give(2)
    assert nodes(read(served.server))["Listen", "opening"] == (1, 0)


def test_flow_that_began_while_the_profile_was_on_counts_when_it_ends(serve):
    served = serve()
    served.server.profiler.start()
    served.wait_for_turn()
    with served.held():
        served.given.put(2)
        assert served.entered.wait(10)
        served.server.profiler.stop()
        assert read(served.server).paths == ()
    served.ended.get(timeout=10)
    assert list(paths(read(served.server)).values()) == [1]


def test_live_flow_is_shown_with_what_it_does_and_holds(serve):
    served = serve()
    served.server.profiler.start()
    served.wait_for_turn()
    with served.held():
        served.given.put(2)
        assert served.entered.wait(10)
        found = served.server.profiler.read_flows()
    served.ended.get(timeout=10)
    (flow,) = found["flows"]
    assert flow.pop("age") > 0
    assert flow == {
        "source": "Listen",
        "target": "Image",
        "node": "First",
        "state": "runs",
        "holds": ["stock"],
        "awaits": None,
    }


def test_flow_that_no_thread_has_taken_up_is_queued(serve):
    served = serve()
    served.server.profiler.start()
    served.wait_for_turn()
    with served.held():
        served.given.put(2)
        assert served.entered.wait(10)
        served.given.put(2)
        served.wait_for_turn()
        served.wait_for_turn()
        states = [flow["state"] for flow in served.server.profiler.read_flows()["flows"]]
    for _ in range(2):
        served.ended.get(timeout=10)
    assert states == ["runs", "queued"]


def test_turn_under_a_constraint_is_left_alone(serve):
    served = serve(PROGRAM + HELD)
    served.wait_for_turn()
    served.server.profiler.start()
    served.give(2)
    assert read(served.server).paths == ()
    served.wait_for_turn()
    served.give(2)
    assert list(paths(read(served.server)).values()) == [1]


def test_profile_that_is_off_wraps_nothing(serve):
    served = serve()
    plain = served.server._loops[0].source
    served.wait_for_turn()
    served.server.profiler.start()
    served.server.profiler.stop()
    loop = served.server._loops[0]
    assert loop.source is plain
    assert plain.opening.given is None
    cells = [cell.cell_contents for cell in plain.flow.__closure__]
    assert served.server.implementation.First in cells


def test_no_profile_loads_no_profiler(serve):
    assert serve().server._profiling._profiler is None
