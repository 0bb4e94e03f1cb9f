"""Flows of the event runtime in gdb: `source engine/gdb/flux.py`.

    flux flows        all live flows and sources: their loop, node, constraints, what they await
    flux flow N bt    where that one of the list waits

Works on processes and on core dumps, on x86-64 and aarch64: nothing is called, and no register is
written. A parked fiber left its registers on its own stack, at its context; an unwinder tells gdb
that the frame below those of the fiber is whatever the selected thread is at.
"""

# gdb's own types have no stubs, and its commands print.
# ruff: noqa: ANN001, ANN201, ANN204, D102, INP001, T201

import time

import gdb
from gdb.unwinder import Unwinder, register_unwinder

MOST_HELD = 64


def atomic(value):
    """What is in a std::atomic."""
    while "_M_b" in (field.name for field in value.type.strip_typedefs().fields()):
        value = value["_M_b"]
    [field] = value.type.strip_typedefs().fields()[-1:]
    return value[field.name]


def member(pointer, name):
    """A member of an object that may be of a derived class, without asking gdb for that one."""
    field = pointer.type.target().unqualified().strip_typedefs()[name]
    is_reference = field.type.code == gdb.TYPE_CODE_REF
    kind = field.type.target().pointer() if is_reference else field.type
    place = gdb.Value(int(pointer) + field.bitpos // 8).cast(kind.pointer()).dereference()
    return place.dereference() if is_reference else place


def text(pointer):
    """A C string."""
    return pointer.string(errors="replace")


def loops():
    """The loops that there are."""
    try:
        slots = gdb.parse_and_eval("'flux::event::all_loops'")["_M_elems"]
    except gdb.error as error:
        message = "this is no program of Flux with the event runtime, or has no symbols"
        raise gdb.GdbError(message) from error
    low, high = slots.type.strip_typedefs().range()
    found = (atomic(slots[number]) for number in range(low, high + 1))
    return [loop.dereference() for loop in found if int(loop) != 0]


def fibers():
    """All fibers with their loops, in the order in which SIGUSR1 lists them."""
    for loop in loops():
        fiber = loop["living_"]
        while int(fiber) != 0:
            yield loop, fiber.dereference()
            fiber = fiber["next_living"]


def nanoseconds(moment):
    """A std::chrono::time_point, since the machine was started."""
    return int(moment["__d"]["__r"])


def now(loop):
    """The time there; in a core dump, when the loop's last round began."""
    connection = getattr(gdb.selected_inferior(), "connection", None)
    is_alive_here = connection is not None and connection.type == "native"
    return time.monotonic_ns() if is_alive_here else nanoseconds(loop["now_"])


def held(flow):
    """The constraints of a flow in the order in which it took them, and the one that it awaits."""
    taken, awaited, link = [], None, flow["held"]
    while int(link) != 0 and len(taken) < MOST_HELD:
        name = text(link["name"])
        if link["is_of_session"]:
            name += f"({int(flow['session'])})"
        name += "?" if link["reads"] else ""
        if link["is_taken"]:
            taken.append(name)
        else:
            awaited = name
        link = link["earlier"]
    return taken[::-1], awaited


def carried(fiber):
    """The source and target of what a fiber carries, or what else it is."""
    if int(fiber["task"]) != 0:
        return named(member(fiber["task"], "source"))
    if int(fiber["source"]) != 0:
        return "source " + named(fiber["source"])
    return text(fiber["errand"])


def named(source):
    """A source with its target."""
    return f"{text(source['name'])} => {text(source['target'])}"


def state(loop, fiber, awaited):
    """Whether a fiber runs or is ready, or what it awaits."""
    if not fiber["parked_"]:
        return "runs" if int(loop["running_"]) == int(fiber.address) else "is ready"
    what, descriptor = fiber["awaited"]["what"], int(fiber["awaited"]["descriptor"])
    if int(what) != 0:
        return f"awaits {text(what)}" + (f" of descriptor {descriptor}" if descriptor >= 0 else "")
    return f"awaits {awaited}" if awaited else "is parked"


def described(loop, fiber):
    """A line of the list."""
    parts, taken, awaited = [carried(fiber)], [], None
    if int(fiber["task"]) != 0:
        flow = member(fiber["task"], "flow")
        taken, awaited = held(flow)
        if int(atomic(flow["at"])) != 0:
            where = "after" if awaited else "in"
            parts.append(f"{where} {text(atomic(atomic(flow['at'])['name_']))}")
    age = (now(loop) - nanoseconds(fiber["since"])) / 1e9
    parts.append(f"{max(age, 0):.3f} s old")
    if taken:
        parts.append("holds " + ", ".join(taken))
    parts.append(state(loop, fiber, awaited))
    return ", ".join(parts)


def saved_registers(context, architecture):
    """The registers that a parked fiber goes on with, and where its context is.

    They stand as `flux_switch_context` leaves them (src/event/context_*.cpp).
    """
    words = context.cast(gdb.lookup_type("unsigned long").pointer())
    if architecture.startswith("i386:x86-64"):
        order = {"r15": 1, "r14": 2, "r13": 3, "r12": 4, "rbx": 5, "rbp": 6, "rip": 7}
        registers = {name: words[place] for name, place in order.items()}
        return {**registers, "rsp": gdb.Value(int(context) + 8 * 8).cast(words[0].type)}
    if architecture.startswith("aarch64"):
        registers = {f"x{number}": words[number - 19] for number in range(19, 31)}
        sp = gdb.Value(int(context) + 176).cast(words[0].type)
        return {**registers, "pc": words[11], "sp": sp}
    message = f"contexts of {architecture} are not known here"
    raise gdb.GdbError(message)


class FrameId:
    """What gdb knows a frame by."""

    def __init__(self, sp, pc):
        self.sp = sp
        self.pc = pc


class ParkedUnwinder(Unwinder):
    """While there is a context: from the frame that a thread is at, on to the parked fiber."""

    def __init__(self):
        super().__init__("flux parked fiber")
        self.context = None
        self.at = None

    def __call__(self, pending):
        if self.context is None:
            return None
        sp, pc = pending.read_register("sp"), pending.read_register("pc")
        if (int(sp), int(pc)) != self.at:
            return None
        here = gdb.Value(int(self.context)).cast(sp.type)
        unwound = pending.create_unwind_info(FrameId(here, pc))
        registers = saved_registers(self.context, pending.architecture().name())
        for name, value in registers.items():
            unwound.add_saved_register(name, value)
        return unwound

    def backtrace(self, context):
        """The frames of a parked fiber, as gdb writes them."""
        thread = gdb.newest_frame()
        self.at = (int(thread.read_register("sp")), int(thread.pc()))
        self.context = context
        try:
            gdb.invalidate_cached_frames()
            lines = gdb.execute("backtrace", to_string=True).splitlines()
        finally:
            self.context = None
            gdb.invalidate_cached_frames()
        return lines


UNWINDER = ParkedUnwinder()
register_unwinder(None, UNWINDER, replace=True)


def without_thread(lines):
    """The frames of a fiber alone, counted from 0; each line of a frame begins with its number."""
    frames = []
    for line in lines:
        if line.startswith("#"):
            number, rest = line[1:].split(maxsplit=1)
            frames.append((int(number) - 1, rest))
        elif frames:
            frames.append((None, line))
    shown = [(number, rest) for number, rest in frames if number is None or number >= 0]
    return [f"#{number:<3}{rest}" if number is not None else rest for number, rest in shown]


class Flux(gdb.Command):
    """Look at flows of Flux: `flux flows`, `flux flow N bt`."""

    def __init__(self):
        super().__init__("flux", gdb.COMMAND_STACK, gdb.COMPLETE_NONE, prefix=True)


class Command(gdb.Command):
    """One that reads flows, which not every core dump has."""

    def invoke(self, argument, from_tty):
        del from_tty
        try:
            self.run(argument)
        except gdb.MemoryError as error:
            message = "the stacks can't be read: gcore leaves them out, dumps of the kernel do not"
            raise gdb.GdbError(message) from error


class Flows(Command):
    """List the live flows of all loops: `flux flows`."""

    def __init__(self):
        super().__init__("flux flows", gdb.COMMAND_STACK)

    def run(self, argument):
        del argument
        number = 0
        for number, (loop, fiber) in enumerate(fibers(), 1):
            print(f"{number}: loop {int(loop['number_'])}: {described(loop, fiber)}")
        if number == 0:
            print("there are no flows")


class OneFlow(Command):
    """Show where a flow of the list waits: `flux flow N bt`."""

    def __init__(self):
        super().__init__("flux flow", gdb.COMMAND_STACK)

    def run(self, argument):
        match gdb.string_to_argv(argument):
            case [number, "bt" | "backtrace"] if number.isdigit():
                found = dict(enumerate(fibers(), 1)).get(int(number))
            case _:
                message = "say `flux flow N bt`, with N as `flux flows` has it"
                raise gdb.GdbError(message)
        if found is None:
            message = f"there is no flow {number}"
            raise gdb.GdbError(message)
        self.show(*found)

    def show(self, loop, fiber):
        if int(loop["running_"]) == int(fiber.address):
            message = f"it runs: its backtrace is that of the thread of loop {int(loop['number_'])}"
            raise gdb.GdbError(message)
        for line in without_thread(UNWINDER.backtrace(fiber["context_"])):
            print(line)


Flux()
Flows()
OneFlow()
