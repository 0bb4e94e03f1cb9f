"""Calls of functions: the lines of the loop for their I/O and their processor time."""

from flux.backends.writer import Writer
from flux.simulation.features import Features
from flux.simulation.python import gil, processors

DRAW = "-log(1.0 - random()) * {0}mean if {0}draw is None else {0}draw()"


def emit_run(out: Writer, f: Features) -> None:
    """A function is called: all that it needs is drawn at once."""
    out.line(f"used, mean, draw{', io_mean, io_draw, back' if f.io else ''} = thing")
    if f.io:
        with out.block("if back is not None:"):
            out.line(f"io = {DRAW.format('io_')}")
    out.line(f"cpu = {DRAW.format('')}")
    out.line("used[CALLS] += 1")
    out.line("used[SPENT] += cpu")
    if f.staged:
        _emit_stages(out, f)
        return
    _emit_wait(out)


def emit_going_on(out: Writer, f: Features, *, calls: bool) -> None:
    """Go on with `op`, which is a call if `calls` says so."""
    if calls and not f.staged:
        out.line("following, thing = op[1], op[2]")
        emit_run(out, f)


def _emit_wait(out: Writer) -> None:
    """Go on with the next event, which may be the end of this call."""
    out.line("flow[OP] = following")
    out.line("order += 1")
    with out.block("if agenda:"):
        out.line("heappush(events, (now + cpu, order, flow))")
        out.line("flow = go_on()")
    with out.block("else:"):
        out.line("now, number, flow = heappushpop(events, (now + cpu, order, flow))")
    out.line("op = flow[OP]")


def _emit_stages(out: Writer, f: Features) -> None:
    out.line("flow[CPU] = cpu")
    if f.io:
        with out.block("if back is not None and io > 0.0:"):
            out.line("used[INPUT] += io")
            out.line("flow[OP] = back")
            out.line("order += 1")
            out.line("heappush(events, (now + io, order, flow))")
            processors.emit_stop(out, f)
            processors.emit_next(out, f)
            out.line("continue")
    if f.fifo:
        processors.emit_requeue(out, f)
    out.line("op = following")


def emit_return(out: Writer, f: Features) -> None:
    """I/O is done: a processor is needed."""
    out.line("flow[OP] = following")
    processors.emit_request(out, f, "flow")
    processors.emit_next(out, f)


def emit_cpu_time(out: Writer, f: Features) -> None:
    """A function has its processor, and uses it once it has Python's lock, too."""
    if f.gil:
        gil.emit_take(out, f)
    out.line("flow[OP] = following")
    if f.fifo:
        out.line("flow[FRESH] = False")
    processors.emit_stretch(out, f, "flow[CPU]")
    processors.emit_next(out, f)


def emit_overhead(out: Writer, f: Features) -> None:
    """Processor time that is no function's."""
    if f.gil:
        with out.block("if owner is flow:"):
            gil.emit_give(out, f)
    out.line("mean, draw = thing")
    out.line(f"cpu = {DRAW.format('')}")
    out.line("flow[OP] = following")
    processors.emit_stretch(out, f, "cpu")
    processors.emit_next(out, f)


def emit_share(out: Writer, f: Features) -> None:
    """The first of those who share processors is done."""
    out.line("group = thing")
    out.line("heap = group[HEAP]")
    out.line("group[PENDING] = 0")
    with out.block(f"if len(heap) <= {'1' if f.loops else 'processors'}:"):
        out.line("busy += now")
    out.line("virtual, number, flow, use, cpu, since = heappop(heap)")
    out.line("group[VIRTUAL] = virtual")
    out.line("group[LAST] = now")
    out.line("use[WAITING] += (now - since) - cpu")
    processors.emit_schedule(out, f)
    out.line("op = flow[OP]")
