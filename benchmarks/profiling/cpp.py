"""What a profile costs a flow in C++, and each of its nodes and constraints.

The same as in Python (`profiling/python.py`): chains of few nodes and of many, free and each under
a constraint, whose nodes do nothing but can't be inlined. `costs.cpp` runs them.
"""

import json
import subprocess
from pathlib import Path

from measuring.builds import BENCHMARKS, BUILD, ROOT
from measuring.processes import SERVER_CORE, Command, on_core

from flux.backends.cpp import CppBackend
from flux.driver import compile_program
from flux.source import SourceFile
from profiling import costs
from profiling.costs import FEW, MANY

ROUNDS = 201
FLOWS = 2000
TIMED = 30
"""The first rounds, in which the profile times each flow."""
CHAINS = {"FewFree": FEW, "ManyFree": MANY, "FewHeld": FEW, "ManyHeld": MANY}

ENGINE = ROOT / "engine"
GENERATED = BUILD / "profiling"
OPTIMIZED = "-O2"  # as the toolchain has it

Times = dict[str, list[float]]
"""Nanoseconds of a flow in each round, by what was run."""


def names(kind: str) -> list[str]:
    """The nodes of the longest chain of a kind."""
    return [f"{kind}{number}" for number in range(MANY)]


def text() -> str:
    """The program: a source for each chain."""
    nodes = [*names("Free"), *names("Held")]
    lines = [f"{name} (int item) -> (int item);" for name in nodes]
    lines += [f"constraint {name}: {{lock{name}}};" for name in names("Held")]
    for chain, length in CHAINS.items():
        lines.append(f"{chain} = {' -> '.join(names(chain[-4:])[:length])};")
        lines.append(f"Begin{chain} () -> (int item);")
        lines.append(f"source Begin{chain} => {chain};")
    return "\n".join(lines)


def generate() -> None:
    """Write the C++ of the program, and its nodes."""
    plan = compile_program(SourceFile("chain.flux", text())).plan
    assert plan
    GENERATED.mkdir(parents=True, exist_ok=True)
    for name, content in CppBackend().generate(plan).files.items():
        (GENERATED / name).write_text(content)
    nodes = [f"int Begin{chain}(int* item) {{ return *item = 0; }}\n" for chain in CHAINS]
    nodes += [
        f'[[gnu::noinline]] int {name}(int item, int* out) {{\n  asm("");\n  *out = item;\n'
        "  return 0;\n}\n"
        for name in [*names("Free"), *names("Held")]
    ]
    (GENERATED / "chain_nodes.hpp").write_text("#pragma once\n\n" + "\n".join(nodes))


def build() -> Path:
    """Compile the engine, the program, and what runs it."""
    engine, binary = BUILD / "engine", BUILD / "costs"
    make: Command = ["make", "-s", "-j2", "-C", ENGINE, f"BUILD={engine}", f"CXXFLAGS={OPTIMIZED}"]
    subprocess.run(make, check=True)
    generate()
    sources = [BENCHMARKS / "profiling" / "costs.cpp", *sorted(GENERATED.glob("*.cpp"))]
    folders = [f"-I{folder}" for folder in (ENGINE / "include", ENGINE / "src", GENERATED)]
    command: Command = ["g++", "-std=c++20", OPTIMIZED, "-pthread", *folders, *sources]
    subprocess.run([*command, engine / "libflux.a", "-o", binary], check=True)
    return binary


def measure() -> Times:
    """The times of every chain, with its profile off and on, in every round."""
    command = on_core(SERVER_CORE, [build(), str(ROUNDS), str(FLOWS)])
    times: Times = json.loads(subprocess.check_output(command))
    return times


def table(times: Times) -> str:
    """The table."""
    lengths = {FEW: "Few", MANY: "Many"}
    return costs.table(
        "C++", lambda size, kind, way: min(_rounds(times, f"{lengths[size]}{kind.title()}", way)), 1
    )


def _rounds(times: Times, chain: str, way: str) -> list[float]:
    """Those of a way: what only counts comes once there have been many flows."""
    match way:
        case "on":
            return times[f"{chain} on"][:TIMED]
        case "counted":
            return times[f"{chain} on"][ROUNDS // 2 :]
        case _:
            return times[f"{chain} {way}"]
