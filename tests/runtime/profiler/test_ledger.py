import threading

from flux.runtime import Flow, Source
from flux.runtime.paths import Paths
from flux.runtime.profiler import ledger as ledgers
from flux.runtime.profiler.clocks import COST_OF_CPU
from flux.runtime.profiler.ledger import Ledger
from flux.runtime.profiler.marks import BEGAN, CPU, QUEUED, Kind, Mark, Marks

FLOWS = 2000
THREADS = 4


def test_no_flow_is_lost_while_others_end_and_groups_are_retired(monkeypatch):
    monkeypatch.setattr(ledgers, "MOST_GROUPS", 2)
    marks = Marks()
    nodes = [marks.number(Mark(Kind.NODE, f"Node{place}")) for place in range(3)]
    source = Source("Listen", turn=None, gives=1, opening=None, flow=None)
    ledger = Ledger(marks, Paths(None))
    began, finished = ledger.beginnings(source), ledger.finishes(source)

    def end_flows():
        for number in range(FLOWS):
            flow = Flow()
            flow.turn = 0
            began(number)
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
