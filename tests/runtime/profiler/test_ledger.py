import threading
from types import SimpleNamespace

from flux.runtime import Flow, Source
from flux.runtime.paths import Paths
from flux.runtime.profiler import ledger as ledgers
from flux.runtime.profiler.clocks import COST_OF_CPU
from flux.runtime.profiler.ledger import Ledger
from flux.runtime.profiler.marks import BEGAN, CPU, QUEUED, WAITED, Kind, Mark, Marks

FLOWS = 2000
THREADS = 4


def test_no_flow_is_lost_while_others_end_and_groups_are_retired(monkeypatch):
    monkeypatch.setattr(ledgers, "MOST_GROUPS", 2)
    marks = Marks()
    nodes = [marks.number(Mark(Kind.NODE, f"Node{place}")) for place in range(3)]
    source = Source("Listen", turn=None, gives=1, opening=None, flow=None)
    ledger = Ledger(marks, Paths(None))
    beginnings, finished = ledger.beginnings(source), ledger.finishes(source)

    def end_flows():
        for number in range(FLOWS):
            flow = Flow()
            flow.turn = 0
            beginnings.append(number)
            if number % 100 == 0:
                ledger.add_beginnings(source, number)
            finished(flow, [BEGAN, 0, QUEUED, 1, nodes[number % 3], 2])

    threads = [threading.Thread(target=end_flows) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        ledger.read()
    snapshot = ledger.read()
    assert sum(path.flows for path in snapshot.paths.values()) == THREADS * FLOWS
    assert sum(node.wall.size for node in snapshot.nodes.values()) == THREADS * FLOWS
    assert snapshot.sources["Listen"].started == THREADS * FLOWS


def test_what_looking_at_the_processors_clock_takes_is_nobodys():
    marks = Marks()
    node = marks.number(Mark(Kind.NODE, "Node"))
    source = Source("Listen", turn=None, gives=1, opening=None, flow=None)
    ledger = Ledger(marks, Paths(None))
    finished = ledger.finishes(source)
    for used in (COST_OF_CPU + 700, COST_OF_CPU - 1):
        flow = Flow()
        flow.turn = 0
        finished(flow, [BEGAN, 0, QUEUED, 1, CPU, 5000, node, 2, CPU, 5000 + used])
    (counts,) = ledger.read().nodes.values()
    assert (counts.cpu.size, counts.cpu.total) == (2, 700)


def test_flows_of_one_path_are_told_apart_by_waits_and_by_what_they_stand_for():
    marks = Marks()
    node = marks.number(Mark(Kind.NODE, "Node"))
    lock = marks.number(Mark(Kind.ACQUIRED, "lock", mode="writer", scope="program"))
    begins_four = marks.number(Mark(Kind.BEGAN, stands_for=4))
    source = Source("Listen", turn=None, gives=1, opening=None, flow=None)
    ledger = Ledger(marks, SimpleNamespace(number=lambda *_: 7))
    finished = ledger.finishes(source)
    bare, waited = [QUEUED, 1, lock, 1, node, 3], [QUEUED, 1, WAITED, 1, lock, 2, node, 3]
    for first, rest in [(BEGAN, bare), (BEGAN, waited), (BEGAN, bare), (begins_four, bare)] * 2:
        flow = Flow()
        flow.turn = 0
        finished(flow, [first, 0, *rest])
    snapshot = ledger.read()
    (path,), (taken,) = snapshot.paths.values(), snapshot.constraints.values()
    assert (path.flows, path.wall.size) == (8, 14)
    assert (taken.acquired, taken.waiting.size) == (14, 2)
