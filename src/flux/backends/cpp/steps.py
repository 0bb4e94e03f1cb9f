"""Steps of the Plan as statements of C++.

A step hands on values; `places` are where they go: variables of the routine, or for its last call
the pointers to the routine's own outputs. Whatever doesn't succeed leaves the routine at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flux.backends.cpp import guards, numbers, overloads
from flux.backends.cpp.facts import Facts
from flux.backends.cpp.guards import Called
from flux.backends.cpp.types import is_plain
from flux.backends.cpp.values import Value, Variables
from flux.backends.cpp.wrap import conditions, statement
from flux.backends.writer import Writer
from flux.graph.locking import Take
from flux.graph.model import Mode
from flux.plan.model import Block, Branch, Call, Dispatch, Handle, Hold, Session, Step, Ways

Values = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Emitter:
    """The pen for one routine, its variables, and the program that it is part of."""

    out: Writer
    facts: Facts
    variables: Variables


def emit_body(e: Emitter, block: Block, values: Values, results: Values) -> None:
    """A block that ends its routine: it returns on every way, and hands on its `results`."""
    match block:
        case ():
            _emit_handed_on(e, values, results)
        case (Dispatch() as dispatch,):
            _emit_dispatch(e, dispatch, values, results)
        case (Hold() as hold,) if _called(hold) is None:
            e.out.text(
                guards.braced("flux::Hold hold", ["flow", *_takes(e, hold.takes)], e.out.room)
            )
            emit_body(e, hold.body, values, results)
        case (Session() as session,):
            _emit_session(e, session, results)
        case (*steps, last, Session() as session):
            _emit_guarded(e, last, _emit_all(e, steps, values), results)
            _emit_session(e, session, results)
        case (*steps, last):
            _emit_last(e, last, _emit_all(e, steps, values), results)


def _emit_all(e: Emitter, steps: Sequence[Step], values: Values) -> Values:
    """Steps that others follow; what the last of them gives."""
    for step in steps:
        places = _variables(e, step)
        _emit_guarded(e, step, values, places)
        values = places
    return values


def _emit_last(e: Emitter, step: Step, values: Values, results: Values) -> None:
    """The last step of a block writes right into the results, if there are any."""
    places = results or _variables(e, step)
    if isinstance(step, Handle) or _left(e, step):
        _emit_guarded(e, step, values, places)
        e.out.line("return flux::succeeded;")
    else:
        called = _call(e, step, values, places)
        text = statement(f"return {called.function}", called.arguments, room=e.out.room)
        e.out.text(text, origin=called.origin)


def _emit_guarded(e: Emitter, step: Step, values: Values, places: Values) -> None:
    """A step, and what follows if it doesn't succeed."""
    called = _call(e, step, values, places)
    if isinstance(step, Handle):
        kept = [value.name for value in values]
        arguments = ["way", numbers.handled(step), *(["kept"] if kept else [])]
        handler = _reached(e, step.handler, step.routine)
        leaving = Called(f"flow.handle<{handler}>", tuple(arguments), step.id)
        guards.emit_guard(e.out, called, leaving, kept)
    else:
        left = _left(e, step)
        leaving = Called("flow.leave", ("way", f"{{{left}}}"), called.origin)
        guards.emit_guard(e.out, called, leaving if left else None)


def _left(e: Emitter, step: Step) -> str:
    """The numbers that a step leaves its routine with; empty where they are the callee's."""
    call = _called(step)
    if call is None:
        raise AssertionError(f"{step} is no call")
    routine = e.facts.signatures.routines[call.routine] if call.routine else None
    return numbers.left(call.numbers, routine.ways if routine else numbers.FUNCTION)


def _called(step: Step) -> Call | None:
    """The call that a step comes down to, whatever is taken around it and handles its errors."""
    match step:
        case Call():
            return step
        case Hold(body=(Call() as call,)):
            return call
        case Handle(body=(inner,)):
            return _called(inner)
        case _:
            return None


def _variables(e: Emitter, step: Step) -> Values:
    """The variables that a step writes to, declared where they haven't been yet."""
    call = _called(step)
    if call is None:
        raise AssertionError(f"{step} is no call")
    given = e.facts.signatures.outputs(call.node, call.routine)
    places = e.variables.values(call.outputs, given)
    for place in places:
        if place.name not in e.variables.visible:
            e.variables.visible.add(place.name)
            e.out.line(f"{place.type} {place.name}{{}};")
    return places


def _call(e: Emitter, step: Step, values: Values, places: Values) -> Called:
    """A call as an expression; it moves its inputs out of their variables."""
    arguments = (*(value.name for value in values), *(place.address for place in places))
    match step:
        case Handle(body=(inner,)):
            return _call(e, inner, values, places)
        case Hold(takes=takes, body=(Call() as call,)):
            hold = ", ".join(["flow", *_takes(e, takes)])
            return Called(f"flux::Hold{{{hold}}}.{_runs(e, call)}", arguments, call.id)
        case Call(keeps=True):
            weight = numbers.literal(step.numbers.weight)
            return Called(f"flow.{_runs(e, step)}", (weight, *arguments), step.id)
        case Call():
            return Called(f"flow.{_runs(e, step)}", arguments, step.id)
        case _:
            raise AssertionError(f"{step} is no call")


def _runs(e: Emitter, call: Call) -> str:
    """How a node is run: `open<Listen>`, `run<Compress>`, or `weigh<Handler>`."""
    verb = "weigh" if call.keeps else "run" if call.opens is None else "open"
    return f"{verb}<{_reached(e, call.node, call.routine)}>"


def _reached(e: Emitter, node: str, routine: str | None) -> str:
    """The function that a call leads to."""
    return e.facts.names.routine(routine) if routine else e.facts.names.function(node)


def _takes(e: Emitter, takes: Sequence[Take]) -> list[str]:
    return [
        f"{e.facts.names.constraint(take.constraint)}."
        f"{'reader' if take.mode is Mode.READER else 'writer'}()"
        for take in takes
    ]


def _emit_session(e: Emitter, step: Session, results: Values) -> None:
    types = tuple(result.type for result in results)
    function = overloads.function(
        e.facts.names, step.function, "std::uint64_t", types, e.facts.sessions
    )
    asked = Called(f"flow.ask<{function}>", tuple(r.value for r in results), step.id)
    left = numbers.left(step.numbers, Ways(succeeded=1, failed=1))
    leaving = Called("flow.leave", ("way", f"{{{left}}}"), step.id)
    guards.emit_guard(e.out, asked, leaving if left else None)
    e.out.line("return flux::succeeded;")


def _emit_handed_on(e: Emitter, values: Values, results: Values) -> None:
    """An empty chain hands on what it was given, or drops it."""
    for value, result in zip(values, results, strict=False):
        given = value.name if is_plain(value.type) else f"std::move({value.name})"
        e.out.line(f"{result.value} = {given};")
    e.out.line("return flux::succeeded;")


def _emit_dispatch(e: Emitter, step: Dispatch, values: Values, results: Values) -> None:
    for branch in step.branches:
        if not branch.tests:
            _emit_branch(e, branch, values, results)
            return  # a case behind one that always matches is never taken
        tests = [_test(e, test.function, test.input, values) for test in branch.tests]
        with e.out.block(conditions(tests, e.out.room), "}", origin=branch.id):
            e.out.line(f"if (flow.failing()) return flow.fail({branch.failed});")
            _emit_branch(e, branch, values, results)
    e.out.line(f'return flow.no_match("{step.node}", {step.no_match});', origin=step.id)


def _test(e: Emitter, predicate: str, name: str, values: Values) -> str:
    (value,) = [each for each in values if e.variables.is_called(each, name)]
    function = overloads.function(
        e.facts.names, predicate, "bool", (value.type,), e.facts.predicates
    )
    return f"flow.test<{function}>({value.name})"


def _emit_branch(e: Emitter, branch: Branch, values: Values, results: Values) -> None:
    if branch.base:
        e.out.line(f"flow.path += {numbers.literal(branch.base)};")
    around = set(e.variables.visible)
    emit_body(e, branch.body, values, results)
    e.variables.visible.clear()
    e.variables.visible.update(around)
