"""Who has a processor, and who is next: the lines of the loop for it."""

from flux.backends.writer import Writer
from flux.simulation.engines.features import Features
from flux.simulation.engines.python import gil


def emit_next(out: Writer, f: Features) -> None:
    """Go on with the first of the agenda, or with the next event."""
    with out.block("if agenda:"):
        out.line("flow = agenda.popleft()")
    with out.block("else:"):
        emit_next_event(out, f, "heappop(events)")
    out.line("op = flow[OP]")


def emit_next_event(out: Writer, f: Features, popped: str) -> None:
    """The event that was popped, or the next one that still counts."""
    out.line(f"now, number, flow = {popped}")
    if f.gil or f.ps:
        with out.block("while number in cancelled:"):
            out.line("cancelled.remove(number)")
            out.line("now, number, flow = heappop(events)")


def emit_request(out: Writer, f: Features, flow: str) -> None:
    """Let a flow have a processor, now or when its turn comes."""
    if f.ps:
        _emit_joining(out, f, flow)
        return
    idle = f"idle[{flow}[LOOP]]" if f.loops else "idle"
    with out.block(f"if {idle}:"):
        out.line(f"{idle} -= 1")
        out.line("busy -= now")
        if f.wakeup:
            _emit_wakeup(out, f, flow)
        else:
            out.line(f"agenda.append({flow})")
    with out.block("else:"):
        out.line(f"{flow}[SINCE] = now")
        out.line(f"{_ready(f, flow)}.append({flow})")


def _emit_joining(out: Writer, f: Features, flow: str) -> None:
    if not f.wakeup:
        out.line(f"agenda.append({flow})")
        return
    out.line(f"group = {_group(f, flow)}")
    with out.block(f"if len(group[HEAP]) < {_most(f)}:"):
        _emit_wakeup(out, f, flow)
    with out.block("else:"):
        out.line(f"agenda.append({flow})")


def emit_stop(out: Writer, f: Features) -> None:
    """`flow` waits or ends: it gives back Python's lock and its processor."""
    if f.fifo:
        out.line("flow[FRESH] = True")
    if f.gil:
        with out.block("if owner is flow:"):
            gil.emit_give(out, f)
    if not f.ps:
        emit_release(out, f)


def emit_release(out: Writer, f: Features, loop: str = "flow[LOOP]") -> None:
    """A processor, by default that of `flow`, is the next one's."""
    ready = f"ready[{loop}]" if f.loops else "ready"
    with out.block(f"if {ready}:"):
        emit_grant(out, ready)
    with out.block("else:"):
        out.line(f"idle[{loop}] += 1" if f.loops else "idle += 1")
        out.line("busy += now")


def emit_grant(out: Writer, ready: str) -> None:
    """A processor that is never idle goes to the first who is ready."""
    out.line(f"first = {ready}.popleft()")
    out.line("first[OP][3][WAITING] += now - first[SINCE]")
    out.line("agenda.append(first)")


def emit_requeue(out: Writer, f: Features) -> None:
    """With `fifo`, a flow goes to the end of the queue before each `Run` but its first on it."""
    ready = _ready(f, "flow")
    with out.block(f"if not flow[FRESH] and {ready}:"):
        if f.gil:
            with out.block("if owner is flow:"):
                gil.emit_give(out, f)
        out.line("flow[OP] = following")
        out.line("flow[SINCE] = now")
        out.line(f"{ready}.append(flow)")
        emit_grant(out, ready)
        emit_next(out, f)
        out.line("continue")


def emit_stretch(out: Writer, f: Features, time: str) -> None:
    """So much processor time of the function that `use` is of passes, and then `flow` goes on."""
    if f.ps:
        _emit_share_in(out, f, "flow", time, f"use, {time}")
    else:
        _emit_event(out, f, "flow", time)


def _emit_wakeup(out: Writer, f: Features, flow: str) -> None:
    """An idle processor begins late: it is in use, and the flow waits."""
    if f.ps:
        _emit_share_in(out, f, flow, "wakeup", f"{flow}[OP][3], 0.0")
    else:
        out.line(f"{flow}[OP][3][WAITING] += wakeup")
        _emit_event(out, f, flow, "wakeup")


def _emit_event(out: Writer, f: Features, flow: str, time: str) -> None:
    out.line("order += 1")
    if f.gil:
        out.line(f"{flow}[DUE] = order")
        out.line(f"{flow}[ENDS] = now + {time}")
    out.line(f"heappush(events, (now + {time}, order, {flow}))")


def _emit_share_in(out: Writer, f: Features, flow: str, time: str, counted: str) -> None:
    """One more shares processors; `counted`: for whom, and how much of it isn't waiting."""
    out.line(f"group = {_group(f, flow)}")
    out.line("heap = group[HEAP]")
    emit_virtual_time(out, f)
    with out.block(f"if len(heap) < {_most(f)}:"):
        out.line("busy -= now")
    out.line("order += 1")
    if f.gil:
        out.line(f"{flow}[DUE] = order")
    out.line(f"heappush(heap, (group[VIRTUAL] + {time}, order, {flow}, {counted}, now))")
    emit_schedule(out, f)


def emit_virtual_time(out: Writer, f: Features) -> None:
    """Virtual time is the processor time that each of a group has had."""
    most = _most(f)
    with out.block("if heap:"):
        out.line("length = len(heap)")
        out.line(f"speed = 1.0 if length <= {most} else {most} / length")
        out.line("group[VIRTUAL] += (now - group[LAST]) * speed")
    out.line("group[LAST] = now")


def emit_schedule(out: Writer, f: Features) -> None:
    """Expect the end of the first of a group anew."""
    most = _most(f)
    with out.block("if group[PENDING]:"):
        out.line("cancelled.add(group[PENDING])")
        out.line("group[PENDING] = 0")
    with out.block("if heap:"):
        out.line("length = len(heap)")
        out.line("delay = heap[0][0] - group[VIRTUAL]")
        with out.block("if delay < 0.0:"):
            out.line("delay = 0.0")
        with out.block(f"if length > {most}:"):
            out.line(f"delay *= length / {most}")
        out.line("order += 1")
        out.line("group[PENDING] = order")
        out.line("heappush(events, (now + delay, order, group[EVENT]))")


def _ready(f: Features, flow: str) -> str:
    return f"ready[{flow}[LOOP]]" if f.loops else "ready"


def _group(f: Features, flow: str) -> str:
    return f"groups[{flow}[LOOP]]" if f.loops else "share"


def _most(f: Features) -> str:
    return "1" if f.loops else "processors"
