"""Random programs as C++ source files: what the back end generates, and functions on stage."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from properties.drafts import SEMANTIC_TYPES

from flux.conformance.cpp.harness import generated, included
from flux.driver import compile_program
from flux.plan.model import Plan
from flux.source import SourceFile

HERE = Path(__file__).parent
STAGE = ("main.cpp", "programs.hpp", "stage.cpp", "stage.hpp", "watched.hpp")
BESIDE = 25  # programs in one file

# How C++ says the types of random programs.
TYPES = {"dict[str, list[int]]": "Parcel"}

# What a predicate is asked about, by the semantic type that it tests for.
TESTED = {name: type_ for type_, names in SEMANTIC_TYPES.items() for name in names}


def plan_of(text: str) -> Plan:
    """The Plan of a program, with types of C++."""
    for other, ours in TYPES.items():
        text = text.replace(other, ours)
    plan = compile_program(SourceFile("program.flux", text)).plan
    assert plan is not None
    return plan


def sources(plans: list[Plan]) -> dict[str, str]:
    """All files of a binary, by their names within its folder."""
    files = {name: HERE.joinpath(name).read_text("utf-8") for name in STAGE}
    files["programs.cpp"] = _table(len(plans))
    for first in range(0, len(plans), BESIDE):
        numbers = range(first, min(first + BESIDE, len(plans)))
        files[f"unit_{first}.cpp"] = _unit(plans, numbers)
    for number, plan in enumerate(plans):
        files |= generated(plan, number, f"program_{number}")
    return files


def _table(count: int) -> str:
    declared = "".join(
        f"namespace program_{number} {{\nflux::Program flux_program();\n}}\n"
        for number in range(count)
    )
    entries = "".join(f"    program_{number}::flux_program,\n" for number in range(count))
    return (
        f'#include "programs.hpp"\n\n{declared}\n'
        f"const std::vector<flux::Program (*)()> programs{{\n{entries}}};\n"
    )


def _unit(plans: list[Plan], numbers: range) -> str:
    texts = [_program(number, plans[number]) for number in numbers]
    head = [*included(plans[0]), '#include "stage.hpp"', '#include "watched.hpp"']
    return "\n".join([*head, *texts])


def _program(number: int, plan: Plan) -> str:
    parts = [
        f"namespace program_{number} {{",
        "namespace flux = watched::flux;",
        f'#include "{number}/program_paths.cpp"',  # first: it knows nothing of functions
        f'#include "{number}/program_flux.cpp"',
        *_functions(plan),
        f"}}  // namespace program_{number}",
    ]
    return "".join(f"{part}\n" for part in parts)


def _functions(plan: Plan) -> Iterator[str]:
    for function in plan.functions:
        ins = [str(each.type) for each in function.signature.inputs]
        outs = [str(each.type) for each in function.signature.outputs]
        yield _node(function.name, ins, outs)
    for test in plan.predicates:
        call = f'predicate("{test.name}", stage::number(in0))'
        yield f"bool {test.name}({TESTED[test.types[0]]} in0) {{ return stage::{call}; }}"
    for name, ins in {each.name: each.inputs for each in plan.sessions}.items():
        types = [str(each.type) for each in ins]
        call = f'session("{name}", {{{_numbers(types)}}})'
        yield f"std::uint64_t {name}({_parameters(types)}) {{ return stage::{call}; }}"


def _node(name: str, ins: Sequence[str], outs: Sequence[str]) -> str:
    rooms = [f"out{place}" for place in range(len(outs))]
    results = [f"{type_}* {room}" for type_, room in zip(outs, rooms, strict=True)]
    parameters = ", ".join([*filter(None, [_parameters(ins)]), *results])
    call = f'node("{name}", {{{_numbers(ins)}}}, {{{", ".join(rooms)}}})'
    return f"int {name}({parameters}) {{ return stage::{call}; }}"


def _parameters(types: Sequence[str]) -> str:
    return ", ".join(f"{type_} in{place}" for place, type_ in enumerate(types))


def _numbers(types: Sequence[str]) -> str:
    return ", ".join(f"stage::number(in{place})" for place in range(len(types)))
