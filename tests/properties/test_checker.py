"""The checker's reading of the language, on programs small enough to check by hand."""

import pytest
from properties.checker import taken
from properties.events import Event, check_rules
from properties.reading import read

FLOW = """
N (int x) -> (int x); M (int x) -> (int x); H (int x) -> (); Outer = N -> M;
constraint Outer:{b?};
"""
ORDERED = read("N () -> (); constraint N:{a?, b};")


@pytest.mark.parametrize(
    ("more", "takes"),
    [
        ("", [("b", "reader")]),
        ("constraint M:{a?};", [("a", "reader"), ("b", "reader")]),
        ("constraint M:{a?}; constraint N:{a};", [("a", "writer"), ("b", "reader")]),
        ("constraint M:{c};", [("b", "reader")]),
        ("constraint M:{b!};", [("b", "writer")]),
        ("constraint M:{a(session)};", [("b", "reader")]),
        ("constraint Outer:{c(session)};", [("b", "reader"), ("c", "writer")]),
        ("constraint H:{a}; handle error N -> H;", [("a", "writer"), ("b", "reader")]),
        ("constraint H:{a}; handle error Outer -> H;", [("b", "reader")]),
    ],
)
def test_a_node_takes_early_what_comes_before_its_last_constraint(more, takes):
    assert taken(read(FLOW + more), "Outer", ()) == takes


@pytest.mark.parametrize(("constraint", "takes"), [("a", []), ("b", []), ("c", [("c", "writer")])])
def test_what_a_node_around_has_taken_is_not_taken_again(constraint, takes):
    assert taken(read(f"{FLOW} constraint M:{{{constraint}}};"), "M", ("Outer",)) == takes


def test_a_node_elsewhere_takes_its_own():
    assert taken(read(f"{FLOW} constraint M:{{a}};"), "M", ()) == [("a", "writer")]


TAKE_A, GIVE_A = (Event(kind, "a", ("reader",)) for kind in ("take", "give"))
WRITE_A = Event("take", "a", ("writer",))
TAKE_B, GIVE_B = (Event(kind, "b", ("writer",)) for kind in ("take", "give"))
READ_B = Event("take", "b", ("reader",))
RUN, RUN_FREE = Event("node", "N", (), ("N",)), Event("node", "N", ())


def test_a_way_that_keeps_the_rules_passes():
    check_rules(ORDERED, [TAKE_A, TAKE_B, RUN, GIVE_B, GIVE_A])


@pytest.mark.parametrize(
    ("events", "complaint"),
    [
        ([TAKE_B, TAKE_A], "take a.* after take b"),
        ([TAKE_A, TAKE_A], "take a.* after take a"),
        ([TAKE_A, WRITE_A], "take a.* after take a"),
        ([TAKE_A, RUN], "without b"),
        ([TAKE_A, READ_B, RUN], "reads b"),
        ([TAKE_A, TAKE_B, GIVE_A], "too soon"),
        ([TAKE_A, RUN_FREE], "holds a"),
        ([GIVE_A], "nothing is held"),
        ([TAKE_A], "never given back"),
    ],
)
def test_a_way_that_breaks_a_rule_fails(events, complaint):
    with pytest.raises(AssertionError, match=complaint):
        check_rules(ORDERED, events)
