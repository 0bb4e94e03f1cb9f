"""What generated C++ and the engine add: flows, locks, fibers, runtimes, against the same by hand.

Run `python benchmarks/engine.py`; with `--write`, the results beside it are renewed; with
`--quick`, everything is done once. The program is `native/flows.flux`, whose nodes do next to
nothing; `native/by_hand.cpp` is the same as a careful programmer writes it. A round is a process
of its own, in which what is compared takes turns. What one thread does alone is told in CPU time.
"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from measuring.builds import BENCHMARKS, BUILD, ROOT, require
from measuring.facts import version
from measuring.processes import SERVER_CORE, Command, on_core
from measuring.tables import extremes, table
from record import record

from flux.backends.cpp import CppBackend
from flux.backends.cpp.header import Surroundings
from flux.driver import compile_program
from flux.source import SourceFile

ROUNDS = 15
NATIVE = BENCHMARKS / "native"
GENERATED = BUILD / "flows"
ENGINE = ROOT / "engine"
OPTIMIZED = "-O2"  # as the toolchain has it
ALIGNED = "-falign-functions=64"  # or a fifth of a short flow hangs on the place of its functions

BY_HAND = ", by hand"
TABLES = ("overhead", "locks", "fibers", "runtimes")
SEVERAL = {"locks", "fibers", "runtimes"}  # tables that want more than one processor

Times = dict[str, list[float]]
"""Nanoseconds in each round, by what was measured."""


def generate() -> None:
    """Write the C++ of the program."""
    program = NATIVE / "flows.flux"
    plan = compile_program(SourceFile(program.name, program.read_text())).plan
    assert plan
    artifact = CppBackend(around=Surroundings(headers=("types.hpp",))).generate(plan)
    GENERATED.mkdir(parents=True, exist_ok=True)
    for name, text in artifact.files.items():
        (GENERATED / name).write_text(text)


def build() -> Path:
    """Compile the engine, the program, and what it is compared with."""
    engine, binary = BUILD / "engine", BUILD / "native"
    flags = ("TOGETHER=yes", f"BUILD={engine}", f"CXXFLAGS={OPTIMIZED}")
    make: Command = ["make", "-s", "-j2", "-C", ENGINE, *flags]
    subprocess.run(make, check=True)
    generate()
    sources = [*sorted(NATIVE.glob("*.cpp")), GENERATED / "flows_paths.cpp"]
    folders = [f"-I{folder}" for folder in (ENGINE / "include", ENGINE / "src", GENERATED, NATIVE)]
    command: Command = ["g++", "-std=c++20", OPTIMIZED, ALIGNED, "-pthread", *folders, *sources]
    subprocess.run([*command, engine / "libflux.a", "-o", binary], check=True)
    return binary


def measure(binary: Path, name: str, rounds: int) -> Times:
    """The times of a table in every round."""
    command = [str(binary), name] if name in SEVERAL else on_core(SERVER_CORE, [binary, name])
    times: Times = {}
    for _ in range(rounds):
        for each, time in json.loads(subprocess.check_output(command)).items():
            times.setdefault(each, []).append(time)
    return times


def compared(title: str, times: Times) -> str:
    """Each against the one by hand that stands above it."""
    rows, hand = [], [1.0]
    for name, each in times.items():
        hand = each if name.endswith(BY_HAND) else hand
        ratio = statistics.median(ours / by_hand for ours, by_hand in zip(each, hand, strict=True))
        rows.append([name, f"{ratio:.2f}", f"{statistics.median(each):,.1f}", extremes(each, 1)])
    return table([title, "ratio", "ns, median", "min and max"], rows)


def added(times: Times) -> str:
    """What a node costs by hand and generated: by the difference between six and two of them."""
    rows = []
    for kind in (BY_HAND, ", generated"):
        pairs = zip(times[f"6 nodes, an int{kind}"], times[f"2 nodes, an int{kind}"], strict=True)
        each = [(six - two) / 4 for six, two in pairs]
        rows.append([kind[2:], f"{statistics.median(each):.1f}", extremes(each, 1)])
    return table(["One node", "ns, median", "min and max"], rows)


def plain(title: str, times: Times) -> str:
    """Medians and extremes."""
    rows = [
        [name, f"{statistics.median(each):,.1f}", extremes(each, 1)] for name, each in times.items()
    ]
    return table([title, "ns, median", "min and max"], rows)


def texts(times: Mapping[str, Times]) -> str:
    """All tables."""
    overhead = compared("One flow, called directly", times["overhead"])
    locks = plain("One hold of a lock", times["locks"])
    runtimes = compared("One flow of 6 nodes on a runtime", times["runtimes"])
    fibers = plain("Fibers, and calls on them", times["fibers"])
    return "\n\n".join([overhead, added(times["overhead"]), locks, fibers, runtimes])


def main() -> None:
    """Measure, print the tables, and keep them if asked to."""
    require({"g++": "g++", "make": "make", "taskset": "util-linux"})
    rounds = 1 if "--quick" in sys.argv else ROUNDS
    binary = build()
    times = {name: measure(binary, name, rounds) for name in TABLES}
    figures = {"compiler": version("g++", "--version"), "nanoseconds": times}
    load = f"Load average in the end: {os.getloadavg()[0]:.2f}; {rounds} rounds."
    record("engine", "C++ flows, locks and runtimes", f"{texts(times)}\n\n{load}", figures)


if __name__ == "__main__":
    main()
