"""What the paths of a program are called, as tables: `flux/paths.hpp` finds names in them.

The tables are the Plan without its holds, which add no ways.
"""

from collections.abc import Iterator

from flux.backends.cpp.names import namespace
from flux.backends.cpp.numbers import literal, ways
from flux.backends.writer import Writer
from flux.plan.model import (
    Block,
    Branch,
    Call,
    Dispatch,
    Handle,
    Hold,
    Numbers,
    Plan,
    Session,
    Step,
)
from flux.runtime.ways import MOST_PATHS


def emit_paths(plan: Plan, stem: str, title: str) -> Writer:
    """The text of the generated tables."""
    out = Writer("  ")
    out.line(title)
    out.line("// What its paths are called, by their numbers.")
    out.line("// clang-format off")
    out.line()
    out.line("#include <flux/paths.hpp>")
    out.line()
    out.line(f"namespace {namespace(stem)} {{")
    out.line()
    with out.block("flux::Paths paths() {", "}"):
        if any(loop.ways.total >= MOST_PATHS for loop in plan.sources):
            out.line("return {};  // more than there are numbers for")
        else:
            _emit_tables(out, plan)
    out.line()
    out.line(f"}}  // namespace {namespace(stem)}")
    return out


def _emit_tables(out: Writer, plan: Plan) -> None:
    places = {routine.id: place for place, routine in enumerate(plan.routines)}
    out.line("using namespace flux::path_tables;")
    out.line("flux::Paths paths;")
    with out.block("paths.routines = {", "};"):
        for routine in plan.routines:
            out.line(f"  // {routine.id}")
            with out.block(f"  {{{ways(routine.ways)}, {{", "  }},"):
                _emit_steps(out, routine.body, places)
    with out.block("paths.sources = {", "};"):
        for loop in plan.sources:
            turn, flow = places[loop.turn], places[loop.flow]
            out.line(f'  {{"{loop.source}", "{loop.target}", {turn}, {flow}}},')
    out.line("return paths;")


def _emit_steps(out: Writer, block: Block, places: dict[str, int]) -> None:
    for step in _without_holds(block):
        _emit_step(out, step, places)


def _without_holds(block: Block) -> Iterator[Step]:
    for step in block:
        if isinstance(step, Hold):
            yield from _without_holds(step.body)
        else:
            yield step


def _emit_step(out: Writer, step: Step, places: dict[str, int]) -> None:
    match step:
        case Call(node=node, routine=routine):
            out.line(f'call("{node}", {_place(routine, places)}, {_numbers(step.numbers)}),')
        case Session(function=function):
            out.line(f'session("{function}", {_numbers(step.numbers)}),')
        case Handle(node=node, handler=handler, routine=routine):
            facts = f'"{node}", "{handler}", {_place(routine, places)}, {_numbers(step.numbers)}'
            around = f"{ways(step.handled)}, {ways(step.handling)}"
            with out.block(f"handle({facts}, {around}, {{", "}),"):
                _emit_steps(out, step.body, places)
        case Dispatch(node=node, branches=branches):
            with out.block(f'dispatch("{node}", {{', f"}}, {_or_none(step.no_match)}),"):
                for branch in branches:
                    _emit_branch(out, branch, places)
        case Hold():
            raise AssertionError("holds add no ways")


def _emit_branch(out: Writer, branch: Branch, places: dict[str, int]) -> None:
    label = branch.text.partition("=")[0].strip()
    facts = f'"{label}", {literal(branch.base)}, {_or_none(branch.failed)}'
    with out.block(f"{{{facts}, {{", "}},"):
        _emit_steps(out, branch.body, places)


def _place(routine: str | None, places: dict[str, int]) -> int:
    return -1 if routine is None else places[routine]


def _or_none(number: int | None) -> int:
    return -1 if number is None else number


def _numbers(numbers: Numbers) -> str:
    parts = (numbers.base, numbers.weight, numbers.failed, numbers.ended)
    return f"{{{', '.join(map(literal, parts))}}}"
