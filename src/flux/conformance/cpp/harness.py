"""Behaviours as C++ source files: what the back end generates, and functions that follow scripts.

Each behaviour has a namespace of its own, so that many go into one binary: generated programs
name functions without qualification, and find those of the namespace around them. The headers
that they include are included before, outside.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from flux.conformance.behaviour import Behaviour
from flux.conformance.cpp.cues import cues
from flux.driver import generate
from flux.plan.model import Plan

STAGE = ("main.cpp", "stage.cpp", "stage.hpp")
BESIDE = 40
"""How many behaviours stand in one file."""

GLOBAL = re.compile(r"(?<![\w>])(?=::\w)")


def sources(programs: Sequence[tuple[Behaviour, Plan]]) -> dict[str, str]:
    """All files of a binary, by their names within its folder."""
    files = {name: Path(__file__).with_name(name).read_text("utf-8") for name in STAGE}
    files["behaviours.cpp"] = _table(len(programs))
    for first in range(0, len(programs), BESIDE):
        numbers = range(first, min(first + BESIDE, len(programs)))
        files[f"unit_{first}.cpp"] = _unit(programs, numbers)
    for number, (_, plan) in enumerate(programs):
        files |= generated(plan, number, f"behaviour_{number}")
    return files


def generated(plan: Plan, number: int, namespace: str) -> dict[str, str]:
    """The files of one program, in a folder of its number, to be included in a namespace.

    Headers that say the same aren't the same here, and what is global is so in the namespace.
    """
    return {
        f"{number}/{name}": GLOBAL.sub(namespace, text.replace("#pragma once", ""))
        for name, text in generate(plan, "cpp").files.items()
    }


def _table(count: int) -> str:
    """What finds a behaviour by its number."""
    declared = "".join(
        f"namespace behaviour_{number} {{\nstage::Behaviour behaviour();\n}}\n"
        for number in range(count)
    )
    entries = "".join(f"    behaviour_{number}::behaviour,\n" for number in range(count))
    return (
        f'#include "stage.hpp"\n\n{declared}\n'
        f"const std::vector<stage::Behaviour (*)()> stage::behaviours{{\n{entries}}};\n"
    )


def _unit(programs: Sequence[tuple[Behaviour, Plan]], numbers: range) -> str:
    texts = [_behaviour(number, *programs[number]) for number in numbers]
    return "\n".join([*included(programs[numbers[0]][1]), '#include "stage.hpp"\n', *texts])


def included(plan: Plan) -> list[str]:
    """The lines that include headers of the system and of the engine, in any generated program."""
    texts = generate(plan, "cpp").files.values()
    lines = (line for text in texts for line in text.splitlines())
    return [line for line in dict.fromkeys(lines) if line.startswith("#include <")]


def _behaviour(number: int, behaviour: Behaviour, plan: Plan) -> str:
    parts = [
        f"// {behaviour.name}",
        f"namespace behaviour_{number} {{",
        *_hooks(behaviour),
        f'#include "{number}/behaviour_paths.cpp"',  # first: it knows nothing of functions
        f'#include "{number}/behaviour_flux.cpp"',
        *_functions(plan),
        *_entry(behaviour),
        f"}}  // namespace behaviour_{number}",
    ]
    return "".join(f"{part}\n" for part in parts)


def _hooks(behaviour: Behaviour) -> Iterator[str]:
    """In the place of those that the engine declares; some behaviours have none."""
    scripts = behaviour.nodes
    yield "void flux_interrupt() { stage::stopping(); }"
    finish = "flux_interrupt" if "finish" in scripts else "nullptr"
    yield f"constexpr void (*flux_finish)() = {finish};"
    init = '[](int, char**) { stage::hook("init"); return 0; }'
    shutdown = '[] { stage::hook("shutdown"); }'
    yield f"constexpr int (*flux_init)(int, char**) = {init if 'init' in scripts else 'nullptr'};"
    yield f"constexpr void (*flux_shutdown)() = {shutdown if 'shutdown' in scripts else 'nullptr'};"


def _functions(plan: Plan) -> Iterator[str]:
    for function in plan.functions:
        ins, outs = len(function.signature.inputs), len(function.signature.outputs)
        parameters = [*_parameters("int ", "in", ins), *_parameters("int* ", "out", outs)]
        arguments = f'"{function.name}", {{{_listed("in", ins)}}}, {{{_listed("out", outs)}}}'
        yield _definition("int", function.name, parameters, f"node({arguments})")
    for test in plan.predicates:
        yield _definition("bool", test.name, ["int in0"], f'predicate("{test.name}", in0)')
    for session in plan.sessions:
        ins = len(session.inputs)
        call = f'session("{session.name}", {{{_listed("in", ins)}}})'
        yield _definition("std::uint64_t", session.name, _parameters("int ", "in", ins), call)


def _entry(behaviour: Behaviour) -> Iterator[str]:
    yield "constexpr auto script = std::to_array<stage::Cue>({"
    yield from (f"    {cue}," for cue in cues(behaviour.nodes))
    yield "});"
    yield "stage::Behaviour behaviour() { return {flux_program(), script}; }"


def _definition(returns: str, name: str, parameters: Sequence[str], call: str) -> str:
    return f"{returns} {name}({', '.join(parameters)}) {{ return stage::{call}; }}"


def _parameters(type_: str, stem: str, count: int) -> list[str]:
    return [f"{type_}{stem}{place}" for place in range(count)]


def _listed(stem: str, count: int) -> str:
    return ", ".join(_parameters("", stem, count))
