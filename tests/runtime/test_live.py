import sys
from ctypes import c_char_p

import pytest

from flux import load
from flux.runtime.live import Fiber, FlowAt, fibers, flow_at, listed

PROGRAM = """
Listen () -> (int item);
Find (int item) -> (int item);
Buy (int item) -> ();
Tell (int item) -> ();
source Listen => Serve;
Serve = Find -> Buy;
handle error Buy -> Tell;
constraint Find: {stock?, cart};
constraint Tell: {log};
"""


class Shop:
    """Asks in each node where its flow is."""

    def __init__(self):
        self.seen = []

    def listen(self):
        yield 7

    def find(self, item):
        self.seen.append(flow_at(sys._getframe()))
        return item

    def buy(self, item):
        self.seen.append(flow_at(sys._getframe()))
        raise ValueError(item)

    def tell(self, _item):
        self.seen.append(flow_at(sys._getframe()))
        self.lines = list(listed([Fiber(self.ident(), 1.25, None, -1)]))
        self.waiting = list(listed([Fiber(self.ident(), 0.5, c_char_p(b"recv"), 9)]))

    def ident(self):
        return next(ident for ident, each in sys._current_frames().items() if flow_at(each))


@pytest.fixture
def shop(tmp_path):
    """A shop that has served its flow."""
    program = tmp_path / "shop.flux"
    program.write_text(PROGRAM)
    shop = Shop()
    assert load(program, shop).run() == 0
    return shop


def test_a_flow_is_in_a_node_and_holds_what_its_line_is_inside_of(shop):
    route = "Listen => Serve"
    assert shop.seen == [
        FlowAt(route, "Find", ("cart", "stock?")),
        FlowAt(route, "Buy"),
        FlowAt(route, "Tell", ("log",)),
    ]


def test_each_flow_has_a_line(shop):
    assert shop.lines == [
        "the loop carries 1 flow",
        "Listen => Serve, in Tell, 1.250 s old, holds log, runs or is ready",
    ]


def test_a_line_says_what_is_awaited(shop):
    assert shop.waiting[1].endswith("0.500 s old, holds log, awaits recv of descriptor 9")


def test_a_thread_that_carries_no_flow_is_none():
    assert flow_at(sys._getframe()) is None
    assert flow_at(None) is None


def test_an_interpreter_without_fibers_has_none():
    assert fibers() == []
