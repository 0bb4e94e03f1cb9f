import threading

from runtime.profiler.profiles import program, read

from flux.runtime import ProfileOptions
from flux.runtime.locks import ReaderWriterLock
from flux.runtime.stamps import WAITED, running


def test_flows_that_had_to_wait_for_a_constraint_are_counted(tmp_path):
    """One flow holds the constraint until another one is seen to wait for it."""
    entered, leave = threading.Event(), threading.Event()

    def first(item):
        entered.set()
        assert leave.wait(10)
        return item

    server = program(tmp_path, Listen=lambda: next(items), First=first).server(
        profile=ProfileOptions(on=True, file=str(tmp_path / "it.json"))
    )
    items = iter([1, 1])
    with server:
        assert entered.wait(10)
        while True:
            flows = server.profiler.read_flows()["flows"]
            if [flow["state"] for flow in flows] == ["runs", "waits"]:
                break
        gate = server._constraints._locks["stock"]
        while not is_awaited(gate):
            pass
        leave.set()
        server.wait()
    profile = read(server)
    stock = next(c for c in profile.constraints if c.mode == "writer" and c.scope == "program")
    assert flows[1]["awaits"] == "stock"
    assert (stock.constraint, stock.acquired, stock.contended) == ("stock", 2, 1)
    assert (stock.waiting.count, stock.holding.count) == (1, 2)
    assert sum(path.waiting.total for path in profile.paths) == stock.waiting.total > 0


def is_awaited(lock):
    """Whether a thread stands in the queue of a lock's gate."""
    cells = dict(zip(lock.writer[0].__code__.co_freevars, lock.writer[0].__closure__, strict=True))
    return bool(cells["gate"].cell_contents.queue)


def test_waits_of_readers_for_a_writer_and_of_writers_for_readers_count():
    lock = ReaderWriterLock()
    for first, second in [(lock.reader, lock.writer), (lock.writer, lock.reader)]:
        stamps = []
        first[0]()

        def wait(second=second, stamps=stamps):
            running[threading.get_ident()] = stamps
            second[0]()
            second[1]()
            del running[threading.get_ident()]

        waiter = threading.Thread(target=wait)
        waiter.start()
        while not stamps:
            pass
        first[1]()
        waiter.join()
        assert stamps[0] == WAITED
