"""Constraints: the lines of the loop for taking them and for giving them back."""

from flux.backends.writer import Writer
from flux.simulation.engines.features import Features
from flux.simulation.engines.python.arrivals import emit_end
from flux.simulation.engines.python.processors import emit_next, emit_request, emit_stop
from flux.simulation.engines.python.runs import emit_going_on


def emit_write(out: Writer, f: Features) -> None:
    """A constraint is taken as a writer."""
    _emit_lock(out, f)
    barred = "lock[INSIDE]"
    if f.barging:
        barred = "lock[INSIDE] or lock[CLAIMED] or lock[STARVING]"
    with out.block(f"if {barred}:"):
        _emit_wait(out, f, reads=False)
    with out.block("else:"):
        _emit_enter(out, f, reads=False)
        out.line(f"op = {_after(f)}")
        emit_going_on(out, f, calls=f.shortcuts.taken_calls)


def emit_read(out: Writer, f: Features) -> None:
    """A constraint is taken as a reader."""
    _emit_lock(out, f)
    barred = "lock[INSIDE] < 0 or lock[QUEUE]"
    if f.barging:
        barred = "lock[INSIDE] < 0 or lock[CLAIMED] or lock[STARVING]"
    with out.block(f"if {barred}:"):
        _emit_wait(out, f, reads=True)
    with out.block("else:"):
        _emit_enter(out, f, reads=True)
        out.line(f"op = {_after(f)}")


def emit_written(out: Writer, f: Features) -> None:
    """A writer leaves."""
    _emit_lock(out, f)
    out.line("lock[INSIDE] = 0")
    _emit_leave(out, f)
    (_emit_wake if f.barging else _emit_hand_off)(out, f)
    if f.shortcuts.given_ends:
        out.line("thing = following[2]")
        emit_end(out, f)
    else:
        out.line("op = following")


def emit_has_read(out: Writer, f: Features) -> None:
    """A reader leaves; the last one lets others in."""
    _emit_lock(out, f)
    out.line("lock[INSIDE] -= 1")
    _emit_leave(out, f)
    with out.block("if not lock[INSIDE]:"):
        (_emit_wake if f.barging else _emit_hand_off)(out, f)
    out.line("op = following")


def emit_write_again(out: Writer, f: Features) -> None:
    """The first of the queue tries as a writer."""
    _emit_lock(out, f)
    with out.block("if not lock[INSIDE]:"):
        _emit_leave_queue(out, f)
        _emit_enter(out, f, reads=False)
        out.line("op = following")
    with out.block("else:"):
        if f.readers:
            _emit_claim(out)
        _emit_sleep(out, f)


def emit_read_again(out: Writer, f: Features) -> None:
    """The first of the queue tries as a reader."""
    _emit_lock(out, f)
    with out.block("if lock[INSIDE] >= 0:"):
        _emit_leave_queue(out, f)
        _emit_enter(out, f, reads=True)
        _emit_wake(out, f)
        out.line("op = following")
    with out.block("else:"):
        _emit_sleep(out, f)


def _emit_lock(out: Writer, f: Features) -> None:
    if f.sessions:
        out.line("lock = thing if thing[LOCKS] is None else thing[LOCKS][flow[SESSION]]")
    else:
        out.line("lock = thing")


def _after(f: Features) -> str:
    """What follows a constraint that was free; with barging, ops of waiting stand between."""
    return "following[1]" if f.barging else "following"


def _emit_enter(out: Writer, f: Features, *, reads: bool) -> None:
    out.line("lock[INSIDE] += 1" if reads else "lock[INSIDE] = -1")
    out.line("thing[TAKEN] += 1")
    out.line("thing[HOLDING] -= now")
    if f.shared:
        with out.block("if not thing[HOLDERS]:"):
            out.line("thing[BUSY] -= now")
        out.line("thing[HOLDERS] += 1")


def _emit_leave(out: Writer, f: Features) -> None:
    out.line("thing[HOLDING] += now")
    if f.shared:
        out.line("thing[HOLDERS] -= 1")
        with out.block("if not thing[HOLDERS]:"):
            out.line("thing[BUSY] += now")


def _emit_wait(out: Writer, f: Features, *, reads: bool) -> None:
    """Join the queue; with barging, its first tries and sleeps at once."""
    out.line("thing[AWAITED] -= now")
    out.line("lock[QUEUE].append(flow)")
    out.line("flow[OP] = following")
    if f.readers:
        out.line(f"flow[READS] = {reads}")
    if f.barging:
        out.line("flow[DEADLINE] = now + patience")
        with out.block("if lock[QUEUE][0] is flow:"):
            if f.readers and not reads:
                _emit_claim(out)
            with out.block("if now >= flow[DEADLINE]:"):
                out.line("lock[STARVING] = True")
    emit_stop(out, f)
    emit_next(out, f)


def _emit_claim(out: Writer) -> None:
    with out.block("if lock[INSIDE] > 0:"):
        out.line("lock[CLAIMED] = True")


def _emit_hand_off(out: Writer, f: Features) -> None:
    """The first of the queue holds it now, and with a reader all readers right behind."""
    with out.block("if lock[QUEUE]:"):
        _emit_hand_to_first(out, f)
        if not f.readers:
            _emit_enter(out, f, reads=False)
            emit_request(out, f, "waiter")
            return
        with out.block("if not waiter[READS]:"):
            _emit_enter(out, f, reads=False)
            emit_request(out, f, "waiter")
        with out.block("else:"):
            _emit_enter(out, f, reads=True)
            emit_request(out, f, "waiter")
            with out.block("while lock[QUEUE] and lock[QUEUE][0][READS]:"):
                _emit_hand_to_first(out, f)
                _emit_enter(out, f, reads=True)
                emit_request(out, f, "waiter")


def _emit_hand_to_first(out: Writer, f: Features) -> None:
    del f
    out.line("waiter = lock[QUEUE].popleft()")
    out.line("thing[AWAITED] += now")
    out.line("thing[CONTENDED] += 1")


def _emit_wake(out: Writer, f: Features) -> None:
    """The first of the queue tries when it has a processor."""
    with out.block("if lock[QUEUE] and not lock[AWAKE]:"):
        out.line("lock[AWAKE] = True")
        out.line("waiter = lock[QUEUE][0]")
        emit_request(out, f, "waiter")


def _emit_leave_queue(out: Writer, f: Features) -> None:
    del f
    out.line("lock[QUEUE].popleft()")
    out.line("lock[CLAIMED] = lock[STARVING] = lock[AWAKE] = False")
    out.line("thing[AWAITED] += now")
    out.line("thing[CONTENDED] += 1")


def _emit_sleep(out: Writer, f: Features) -> None:
    """It was woken in vain."""
    with out.block("if now >= flow[DEADLINE]:"):
        out.line("lock[STARVING] = True")
    out.line("lock[AWAKE] = False")
    out.line("flow[OP] = op")
    emit_stop(out, f)
    emit_next(out, f)
