"""Where flows come from and go to: the lines of the loop for it."""

from contextlib import nullcontext

from flux.backends.writer import Writer
from flux.simulation.engines.features import Features
from flux.simulation.engines.python.names import FLOW, NARROW
from flux.simulation.engines.python.processors import (
    emit_next,
    emit_next_event,
    emit_release,
    emit_request,
    emit_stop,
)
from flux.simulation.engines.python.runs import drawn, emit_first_run


def emit_arrive(out: Writer, f: Features) -> None:
    """Flows of a source arrive, and it is known when the next ones will."""
    out.line(f"{_source(f)} = thing")
    if not any((f.bursts, f.places, f.threads, f.wakeup, f.closed, f.ps, f.turns)):
        _emit_direct(out, f)
        return
    with out.block("if not closed:") if f.closed else nullcontext():
        out.line("order += 1")
        out.line(f"heappush(events, (now + ({drawn(f)}), order, flow))")
    with out.block("for _ in range(burst):") if f.bursts else nullcontext():
        _emit_flow(out, f)
        _emit_full(out, f)
        if f.turns:
            _emit_coming(out, f)
        else:
            _emit_admission(out, f)
    emit_next(out, f)


def _source(f: Features) -> str:
    """What a source consists of."""
    names = "scale, draw, burst, choose, closed, origin"
    return f"{names}, doors, home" if f.turns else names


def _emit_coming(out: Writer, f: Features) -> None:
    """The first at the door of a source stands in for it: it queues for the source's processor."""
    out.line(f"door = doors[{'place' if f.loops else '0'}]")
    with out.block("if not door:"):
        out.line("new[OP] = (TURN, op, door, op[3])")
        emit_request(out, f, "new")
    out.line("door.append(new)")


def emit_turn(out: Writer, f: Features) -> None:
    """A source has a processor, and hands on who stands at its door."""
    out.line("flow[OP] = following")
    out.line("door = thing")
    if f.loops:
        out.line("here = flow[LOOP]")
    with out.block("while door:"):
        out.line("new = door.popleft()")
        with out.block("if new is not flow:"):
            out.line("new[OP][3][WAITING] += now - new[ARRIVED]")
        if f.loops:
            is_sent_on = "if new[ORIGIN][OP][2][HOME] is not None:"
            with out.block(is_sent_on) if f.spread else nullcontext():
                out.line("loop = (loop + 1) % processors")
                out.line("new[LOOP] = loop")
        if f.drops and f.closed:
            out.line("source = new[ORIGIN]")
            out.line(f"{_source(f)} = source[OP][2]")
        _emit_admission(out, f, "source")
    if not f.ps:
        emit_release(out, f, "here")
    emit_next(out, f)


def _emit_flow(out: Writer, f: Features) -> None:
    out.line("op = following if choose is None else choose()")
    fields = dict(FLOW if is_wide(f) else [*FLOW.items()][:NARROW])
    if f.loops and f.turns:
        chosen = "int(random() * processors) if home is None else home"
        out.line(f"place = {chosen if f.spread else 'home'}")
        fields["LOOP"] = "place"
    elif f.loops:
        out.line("loop = (loop + 1) % processors")
        fields["LOOP"] = "loop"
    if f.sessions:
        fields["SESSION"] = "session()"
    out.line(f"new = [{', '.join(fields.values())}]")
    out.line("arrived += 1")
    out.line("inside -= now")


def _emit_full(out: Writer, f: Features, arrival: str = "") -> None:
    """More are inside than may be; the next arrival is among the events by then."""
    with out.block(f"if {population(f)} > most:"):
        if arrival:
            out.line(f"heappush(events, {arrival})")
        out.line(f"model.saturate({population(f)})")


def population(f: Features) -> str:
    """How many flows are inside."""
    return "arrived - ended - dropped" if f.drops else "arrived - ended"


def is_wide(f: Features) -> bool:
    """Whether flows need more than the first of their fields."""
    return any((f.staged, f.loops, f.closed, f.readers, f.sessions, f.barging))


def _emit_direct(out: Writer, f: Features) -> None:
    """Nothing but a processor may lack, and nobody else can go on before the next event."""
    out.line("order += 1")
    out.line(f"arrival = (now + ({drawn(f)}), order, flow)")
    _emit_flow(out, f)
    _emit_full(out, f, "arrival")
    with out.block("if idle[loop]:" if f.loops else "if idle:"):
        out.line("idle[loop] -= 1" if f.loops else "idle -= 1")
        out.line("busy -= now")
        out.line("heappush(events, arrival)")
        if f.shortcuts.first_calls and not f.staged:
            emit_first_run(out, f)
        else:
            out.line("flow = new")
    with out.block("else:"):
        out.line("ready[loop].append(new)" if f.loops else "ready.append(new)")
        emit_next_event(out, f, "heappushpop(events, arrival)")
        out.line("op = flow[OP]")


def _emit_admission(out: Writer, f: Features, source: str = "flow") -> None:
    """A place, a thread, a processor: in this order."""
    if not f.places:
        _emit_admit(out, f, "new")
        return
    with out.block("if active < places:"):
        out.line("active += 1")
        _emit_admit(out, f, "new")
    with out.block("else:"):
        if f.drops:
            out.line("dropped += 1")
            out.line("inside += now")
            if f.closed:
                with out.block("if closed:"):
                    _emit_think(out, f, source)
        else:
            out.line("outside_time -= now")
            out.line("outside.append(new)")


def _emit_admit(out: Writer, f: Features, flow: str) -> None:
    if not f.threads:
        emit_request(out, f, flow)
        return
    with out.block("if free:"):
        out.line("free -= 1")
        out.line("thread_time -= now")
        emit_request(out, f, flow)
    with out.block("else:"):
        out.line("queued_time -= now")
        out.line(f"pending.append({flow})")


def _emit_think(out: Writer, f: Features, source: str) -> None:
    out.line("order += 1")
    out.line(f"heappush(events, (now + ({drawn(f)}), order, {source}))")


def emit_end(out: Writer, f: Features) -> None:
    """A flow ends, and others get what it had."""
    out.line("thing(now - flow[ARRIVED])")
    out.line("inside += now")
    out.line("ended += 1")
    if f.closed:
        out.line("source = flow[ORIGIN]")
        out.line(f"{_source(f)} = source[OP][2]")
        with out.block("if closed:"):
            _emit_think(out, f, "source")
    _emit_give_thread(out, f)
    if f.places:
        with out.block("if outside:"):
            out.line("waiter = outside.popleft()")
            out.line("outside_time += now")
            _emit_admit(out, f, "waiter")
        with out.block("else:"):
            out.line("active -= 1")
    with out.block("if ended == bound:"):
        out.line("break")
    emit_next(out, f)


def _emit_give_thread(out: Writer, f: Features) -> None:
    if not f.threads:
        emit_stop(out, f)
        return
    with out.block("if pending:"):
        out.line("waiter = pending.popleft()")
        out.line("queued_time += now")
        if f.inherits:
            if f.gil:
                with out.block("if owner is flow:"):
                    out.line("owner = waiter")
            out.line("agenda.appendleft(waiter)")
        else:
            emit_stop(out, f)
            emit_request(out, f, "waiter")
    with out.block("else:"):
        out.line("free += 1")
        out.line("thread_time += now")
        emit_stop(out, f)
