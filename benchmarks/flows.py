"""What the pool adds to a flow: a Flux program against a pool written by hand for the purpose.

Run `python benchmarks/flows.py`; with `--write`, the results beside it are renewed. The one by
hand is a `queue.SimpleQueue` and as many threads, without errors, constraints, bounds or counts.
Both run two nodes a flow, which together count to `work`; they take turns in every round.
"""

import statistics
import threading
import time
from queue import SimpleQueue

from record import record

from flux.runtime import Constraints, Flow, Nodes, Program, Server, Source

ROUNDS = 9
THREADS = 4
SIZES = {0: 40_000, 200: 20_000, 1000: 8_000}  # flows to run, by the work in each


class Counting:
    """The nodes: a source of so many flows, and two functions that count."""

    def __init__(self, flows: int, work: int) -> None:
        self.items = iter(range(flows))
        self.listen = self.items.__next__
        self._half = range(work // 2)

    def first(self, item: int) -> int:
        """Do half of the work."""
        for _ in self._half:
            pass
        return item

    def second(self, _item: int) -> None:
        """Do the other half."""
        for _ in self._half:
            pass


def program(nodes: Nodes, _constraints: Constraints) -> Program:
    """Bind `source Listen => Image; Image = First -> Second;`."""
    first, second = nodes.function("First", gives=1), nodes.function("Second", gives=0)
    listen = nodes.opening("Listen", gives=1)

    def image(_flow: Flow, item: int) -> None:
        item = first(item)
        second(item)

    def turn(_flow: Flow) -> int:
        return int(listen())

    return Program(Source("Listen", turn=turn, gives=1, opening=listen, flow=image))


def with_flux(nodes: Counting) -> None:
    """Run the flows in the pool of the runtime."""
    Server(program, nodes, runtime="pool", threads=THREADS).run()


def by_hand(nodes: Counting) -> None:
    """Run the flows in the least that can be called a pool."""
    queue: SimpleQueue[int | None] = SimpleQueue()

    def work() -> None:
        while (item := queue.get()) is not None:
            nodes.second(nodes.first(item))
        queue.put(None)

    workers = [threading.Thread(target=work) for _ in range(THREADS)]
    for worker in workers:
        worker.start()
    for item in nodes.items:
        queue.put(item)
    queue.put(None)
    for worker in workers:
        worker.join()


def microseconds(flows: int, work: int) -> tuple[float, float]:
    """The time of one flow by hand and with Flux."""
    times = []
    for run in (by_hand, with_flux):
        nodes = Counting(flows, work)
        start = time.perf_counter()
        run(nodes)
        times.append((time.perf_counter() - start) / flows * 1e6)
    return times[0], times[1]


def measure() -> dict[int, list[tuple[float, float]]]:
    """The times of every size of work in every round."""
    rounds: dict[int, list[tuple[float, float]]] = {work: [] for work in SIZES}
    for _ in range(ROUNDS):
        for work, flows in SIZES.items():
            rounds[work].append(microseconds(flows, work))
    return rounds


def table(rounds: dict[int, list[tuple[float, float]]]) -> str:
    """Medians, and the median of the ratios within a round, as Markdown."""
    lines = ["| work of a flow | by hand, us | Flux, us | ratio |", "|--:|--:|--:|--:|"]
    for work, pairs in rounds.items():
        hand, ours = (statistics.median(each) for each in zip(*pairs, strict=True))
        ratio = statistics.median(ours / hand for hand, ours in pairs)
        lines.append(f"| {work} | {hand:.2f} | {ours:.2f} | {ratio:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table, and keep it if asked to."""
    rounds = measure()
    record(
        "flows", "One flow in the pool", table(rounds), {"threads": THREADS, "microseconds": rounds}
    )


if __name__ == "__main__":
    main()
