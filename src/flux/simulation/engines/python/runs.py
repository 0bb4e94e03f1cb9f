"""Calls of functions: the lines of the loop for their I/O and their processor time."""

from flux.backends.writer import Writer
from flux.simulation.engines.features import Features
from flux.simulation.engines.python import gil, processors


def drawn(f: Features, prefix: str = "") -> str:
    """A time; exponential ones are drawn without a call."""
    exponential = f"log2(1.0 - random()) * {prefix}scale"
    if f.shortcuts.exponential:
        return exponential
    return f"{exponential} if {prefix}draw is None else {prefix}draw()"


def emit_run(out: Writer, f: Features) -> None:
    """A function is called: all that it needs is drawn at once."""
    _emit_needs(out, f)
    if f.staged:
        _emit_stages(out, f)
        return
    out.line("flow[OP] = following")
    out.line("order += 1")
    with out.block("if agenda:"):
        out.line("heappush(events, (now + cpu, order, flow))")
        out.line("flow = agenda.popleft()")
    with out.block("else:"):
        out.line("now, number, flow = heappushpop(events, (now + cpu, order, flow))")
    out.line("op = flow[OP]")


def emit_going_on(out: Writer, f: Features, *, calls: bool) -> None:
    """Go on with `op`, which is a call if `calls` says so."""
    if calls and not f.staged:
        out.line("following, thing = op[1], op[2]")
        emit_run(out, f)


def emit_first_run(out: Writer, f: Features) -> None:
    """The `new` flow begins with the call `op`; before the next event nobody else goes on."""
    out.line("following, thing = op[1], op[2]")
    _emit_needs(out, f)
    out.line("new[OP] = following")
    out.line("order += 1")
    out.line("now, number, flow = heappushpop(events, (now + cpu, order, new))")
    out.line("op = flow[OP]")


def _emit_needs(out: Writer, f: Features) -> None:
    out.line(f"spent, scale, draw{', io_scale, io_draw, back' if f.io else ''} = thing")
    if f.io:
        with out.block("if back is not None:"):
            out.line(f"io = {drawn(f, 'io_')}")
    out.line(f"cpu = {drawn(f)}")
    out.line("spent.append(cpu)")


def _emit_stages(out: Writer, f: Features) -> None:
    out.line("flow[CPU] = cpu")
    if f.io:
        with out.block("if back is not None and io > 0.0:"):
            out.line("back[3][INPUT] += io")
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


def emit_free_time(out: Writer, f: Features) -> None:
    """A function has its processor, and uses it for the part that doesn't need Python's lock."""
    with out.block("if owner is flow:"):
        gil.emit_give(out, f)
    out.line("cpu = flow[CPU] * thing")
    out.line("flow[CPU] -= cpu")
    out.line("flow[OP] = following")
    if f.fifo:
        out.line("flow[FRESH] = False")
    processors.emit_stretch(out, f, "cpu")
    processors.emit_next(out, f)


def emit_overhead(out: Writer, f: Features) -> None:
    """Processor time that is no function's; where it needs Python's lock, it is as of one."""
    if f.locked_overhead:
        out.line("scale, draw = thing")
        out.line(f"flow[CPU] = {drawn(f)}")
        out.line("op = following")
        return
    if f.gil:
        with out.block("if owner is flow:"):
            gil.emit_give(out, f)
    out.line("scale, draw = thing")
    out.line(f"cpu = {drawn(f)}")
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
