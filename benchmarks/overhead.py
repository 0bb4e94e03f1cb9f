"""What generated code adds to a flow: a Flux program against the same flow written by hand.

Run `python benchmarks/overhead.py`; with `--write`, the results beside it are renewed. The nodes do
nothing, so all that is measured is what surrounds them: six calls, three constraints, a handler.
The flow by hand is made of the same functions and locks. The ways of a table take turns in every
round; the first is what the others are compared with.
"""

import statistics
import threading
import time
from collections.abc import Callable
from queue import Queue, SimpleQueue
from types import SimpleNamespace
from typing import Any

from record import record

from flux.driver import compile_program, generate
from flux.runtime import Constraints, Flow, Nodes, Server
from flux.runtime.locks import ReaderWriterLock
from flux.source import SourceFile

ROUNDS = 21
THREADS = 4
QUEUE = 1024

PROGRAM = """
Listen () -> (int item);
First (int item) -> (int item);
Second (int item) -> (int item);
Third (int item) -> (int item);
Fourth (int item) -> (int item);
Fifth (int item) -> (int item);
Sixth (int item) -> ();
Sorry (int item) -> ();
source Listen => Image;
Image = First -> Second -> Third -> Fourth -> Fifth -> Sixth;
handle error Third -> Sorry;
constraint Second: {stock};
constraint Fourth: {prices, stock};
constraint Fifth: {prices?};
constraint Sixth: {log};
constraint Sorry: {log};
"""

Run = Callable[[int], None]
"""Runs so many flows."""

Times = dict[str, list[float]]
"""The microseconds of a flow in each round, by the way it was run."""


def keep(item: int) -> int:
    """Be a node that does nothing."""
    return item


def end(_item: int) -> None:
    """Be the last node, or the handler."""


first = second = third = fourth = fifth = keep
sixth = sorry = end

log, prices, stock = ReaderWriterLock(), ReaderWriterLock(), ReaderWriterLock()
acquire_log, release_log = log.writer
acquire_prices, release_prices = prices.writer
acquire_prices_reader, release_prices_reader = prices.reader
acquire_stock, release_stock = stock.writer


def image(item: int) -> None:
    """Do by hand what `Image` does."""
    item = first(item)
    acquire_stock()
    try:
        item = second(item)
    finally:
        release_stock()
    try:
        item = third(item)
    except Exception:  # noqa: BLE001 - a node may raise anything
        apologize(item)
        return
    acquire_prices()
    acquire_stock()
    try:
        item = fourth(item)
    finally:
        release_stock()
        release_prices()
    acquire_prices_reader()
    try:
        item = fifth(item)
    finally:
        release_prices_reader()
    acquire_log()
    try:
        sixth(item)
    finally:
        release_log()


def apologize(item: int) -> None:
    """Do by hand what `Sorry` does."""
    acquire_log()
    try:
        sorry(item)
    finally:
        release_log()


def generated() -> Callable[..., Any]:
    """The function `program` that the compiler makes of the program."""
    plan = compile_program(SourceFile("overhead.flux", PROGRAM)).plan
    assert plan
    artifact = generate(plan)
    namespace: dict[str, Any] = {"__name__": "overhead_flux"}
    exec(artifact.files[artifact.main], namespace)  # noqa: S102 - this is our own text
    program: Callable[..., Any] = namespace["program"]
    return program


program = generated()


def implementation(flows: int) -> SimpleNamespace:
    """The same functions for Flux, with a source of so many flows."""
    return SimpleNamespace(
        listen=iter(range(flows)).__next__,
        first=first,
        second=second,
        third=third,
        fourth=fourth,
        fifth=fifth,
        sixth=sixth,
        sorry=sorry,
    )


(source,) = program(Nodes(implementation(0)), Constraints()).sources
routine = source.flow


def call_image(flows: int) -> None:
    """Call the function by hand."""
    for item in range(flows):
        image(item)


def call_routine(flows: int) -> None:
    """Call the generated function, always with the same Flow."""
    flow = Flow()
    for item in range(flows):
        routine(flow, item)


def call_routine_with_flow(flows: int) -> None:
    """Call the generated function with a new Flow each time, as a source does."""
    for item in range(flows):
        routine(Flow(), item)


def pool_by_hand(queue: "Queue[int | None] | SimpleQueue[int | None]", flows: int) -> None:
    """Run the function in threads that wait at a queue."""

    def work() -> None:
        while (item := queue.get()) is not None:
            image(item)

    workers = [threading.Thread(target=work) for _ in range(THREADS)]
    for worker in workers:
        worker.start()
    for item in range(flows):
        queue.put(item)
    for _ in workers:
        queue.put(None)
    for worker in workers:
        worker.join()


def bounded_pool_by_hand(flows: int) -> None:
    """Let the source wait while the queue is full, as that of Flux does."""
    pool_by_hand(Queue(QUEUE), flows)


def unbounded_pool_by_hand(flows: int) -> None:
    """Let the queue grow."""
    pool_by_hand(SimpleQueue(), flows)


def pool(flows: int) -> None:
    """Run the program in the pool of the runtime."""
    Server(program, implementation(flows), runtime="pool", threads=THREADS, queue=QUEUE).run()


def threads_by_hand(flows: int) -> None:
    """Run the function in a thread each time."""
    threads = [threading.Thread(target=image, args=(item,)) for item in range(flows)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def thread(flows: int) -> None:
    """Run the program with a thread for each flow."""
    Server(program, implementation(flows), runtime="thread").run()


# What is compared, with the number of flows in a round.
TABLES: dict[str, tuple[int, dict[str, Run]]] = {
    "One flow, called directly": (
        20_000,
        {
            "by hand": call_image,
            "generated": call_routine,
            "generated, and the Flow it is given": call_routine_with_flow,
        },
    ),
    f"A finite source and {THREADS} threads": (
        20_000,
        {
            f"by hand, `queue.Queue({QUEUE})`": bounded_pool_by_hand,
            "by hand, `queue.SimpleQueue()`": unbounded_pool_by_hand,
            "runtime `pool`": pool,
        },
    ),
    "A finite source and a thread for each flow": (
        1_000,
        {"by hand": threads_by_hand, "runtime `thread`": thread},
    ),
}


def microseconds(run: Run, flows: int) -> float:
    """The time of one flow."""
    start = time.perf_counter()
    run(flows)
    return (time.perf_counter() - start) / flows * 1e6


def measure(flows: int, runs: dict[str, Run]) -> Times:
    """The times of every way in every round."""
    times: Times = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            times[name].append(microseconds(run, flows))
    return times


def table(title: str, times: Times) -> str:
    """The median of the ratios within a round, then medians and extremes, as Markdown."""
    base = next(iter(times.values()))
    lines = [
        f"| {title} | ratio | us, median | min | max | flows/s |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name, each in times.items():
        ratio = statistics.median(ours / hand for ours, hand in zip(each, base, strict=True))
        median = statistics.median(each)
        extremes = f"{min(each):.2f} | {max(each):.2f}"
        lines.append(f"| {name} | {ratio:.2f} | {median:.2f} | {extremes} | {1e6 / median:.0f} |")
    return "\n".join(lines)


def main() -> None:
    """Print the tables, and keep them if asked to."""
    times = {title: measure(*compared) for title, compared in TABLES.items()}
    text = "\n\n".join(table(title, each) for title, each in times.items())
    record("overhead", "Nodes that do nothing", text, {"rounds": ROUNDS, "microseconds": times})


if __name__ == "__main__":
    main()
