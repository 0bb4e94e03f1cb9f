"""Python's lock: the lines of the loop for who has it, and for how long."""

from flux.backends.writer import Writer
from flux.simulation.engines.features import Features
from flux.simulation.engines.python import processors


def emit_state(out: Writer) -> None:
    """Its owner, whether that uses it already, who waits, and the event that ends it."""
    out.text(
        "owner, owner_runs, gil_queue = None, False, model.gil_queue\n"
        "slice_due, interval, slicing = 0, model.interval, model.slicing"
    )


def emit_take(out: Writer, f: Features) -> None:
    """Get it before processor time that needs it, or give it back before any other."""
    with out.block("if thing:"):
        with out.block("if owner is not flow:"):
            with out.block("if owner is not None:"):
                _emit_wait(out, f)
            out.line("owner = flow")
            out.line("gil_time -= now")
        out.line("owner_runs = True")
        out.line("flow[STAGE] = op")
        with out.block("if gil_queue and not slice_due:"):
            _emit_expect(out)
    with out.block("elif owner is flow:"):
        emit_give(out, f)


def _emit_wait(out: Writer, f: Features) -> None:
    out.line("flow[OP] = op")
    out.line("flow[SINCE] = now")
    out.line("gil_queue.append(flow)")
    with out.block("if owner_runs and not slice_due:"):
        _emit_expect(out)
    if f.fifo:
        out.line("flow[FRESH] = True")
    if not f.ps:
        processors.emit_release(out, f)
    processors.emit_next(out, f)
    out.line("continue")


def _emit_expect(out: Writer) -> None:
    """Its owner will have it for no longer than this."""
    out.line("order += 1")
    out.line("slice_due = order")
    out.line("heappush(events, (now + interval, order, slicing))")


def emit_give(out: Writer, f: Features) -> None:
    """It goes to the first who waits for it."""
    out.line("gil_time += now")
    out.line("owner_runs = False")
    with out.block("if slice_due:"):
        out.line("cancelled.add(slice_due)")
        out.line("slice_due = 0")
    with out.block("if gil_queue:"):
        out.line("owner = gil_queue.popleft()")
        out.line("gil_time -= now")
        out.line("owner[OP][3][WAITING] += now - owner[SINCE]")
        processors.emit_request(out, f, "owner")
    with out.block("else:"):
        out.line("owner = None")


def emit_slice(out: Writer, f: Features) -> None:
    """Its owner has had it for long enough, and stops in the middle of a function."""
    out.line("slice_due = 0")
    out.line("flow = owner")
    (_emit_stop_sharing if f.ps else _emit_stop_running)(out, f)
    out.line("flow[OP] = flow[STAGE]")
    out.line("flow[SINCE] = now")
    out.line("gil_queue.append(flow)")
    emit_give(out, f)
    if f.fifo:
        out.line("flow[FRESH] = True")
    if not f.ps:
        processors.emit_release(out, f)
    processors.emit_next(out, f)


def _emit_stop_running(out: Writer, f: Features) -> None:
    del f
    out.line("cancelled.add(flow[DUE])")
    out.line("flow[CPU] = flow[ENDS] - now")


def _emit_stop_sharing(out: Writer, f: Features) -> None:
    """What is left is what virtual time lacks to its end."""
    out.line("group = groups[flow[LOOP]]" if f.loops else "group = share")
    out.line("heap = group[HEAP]")
    processors.emit_virtual_time(out, f)
    with out.block(f"if len(heap) <= {'1' if f.loops else 'processors'}:"):
        out.line("busy += now")
    out.line("entry = next(each for each in heap if each[2] is flow)")
    out.line("heap.remove(entry)")
    out.line("heapify(heap)")
    out.line("rest = entry[0] - group[VIRTUAL]")
    with out.block("if rest < 0.0:"):
        out.line("rest = 0.0")
    out.line("entry[3][WAITING] += (now - entry[5]) - (entry[4] - rest)")
    out.line("flow[CPU] = rest")
    processors.emit_schedule(out, f)
