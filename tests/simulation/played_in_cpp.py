"""A program's flows on a runtime of the engine, in virtual time (`cpp/clock.hpp`).

The programs are those of the conformance suite's binary; only the stage on which they play is
another, and what the engine waits in.
"""

import subprocess
from functools import cache
from pathlib import Path

from simulation.played import Played, fails

from flux.conformance.carrier import compiled
from flux.conformance.cpp.build import QUICK, library
from flux.conformance.cpp.carrier import NUMBERS, binary, options_of
from flux.toolchain.cache import Cache, cache_folder
from flux.toolchain.compilers import find_compilers
from flux.toolchain.engine import Engine
from flux.toolchain.process import run_tool
from flux.toolchain.stamps import digest_of

FOLDER = Path(__file__).with_name("cpp")
LONG_TIME = 60.0
MOST_CALLS = 50
NANOSECONDS = 1e9


def play(behaviour, runtime, load):
    """The behaviour's program with other flows and times, on a runtime."""
    options = {**behaviour.options, "threads": behaviour.options.get("threads", 3)}
    arguments = [*options_of(options, runtime), *(["--cores=1"] if runtime == "event" else [])]
    command = [player(), str(NUMBERS[behaviour.name]), "--runtime", runtime, *arguments]
    told = subprocess.run(
        command,
        input="\n".join(lines_of(behaviour, runtime, options["threads"], load)),
        capture_output=True,
        text=True,
        timeout=LONG_TIME,
        check=True,
    )
    return read(told.stdout)


def lines_of(behaviour, runtime, threads, load):
    """What `cpp/play.cpp` reads."""
    _, plan = compiled(behaviour)
    yield f"expected {len(plan.sources) + (threads if runtime == 'pool' else 0)}"
    yield listed("arrivals", map(nanoseconds, load.arrivals()))
    yield listed("sessions", load.sessions())
    yield listed("openings", [source.opening for source in plan.sources])
    names = [each.name for each in plan.predicates]
    names += [each.name for each in plan.functions if fails(behaviour.nodes.get(each.name))]
    for flow in range(load.flows):
        times = (nanoseconds(load.service(flow, call)) for call in range(MOST_CALLS))
        yield listed("services", [flow, *times])
        yield from (f"chosen {flow} {name}" for name in names if load.chance(flow, name) < 0.5)


def listed(word, values):
    """A line."""
    return " ".join([word, *map(str, values)])


def nanoseconds(seconds):
    """A time as the engine has it."""
    return round(seconds * NANOSECONDS)


def read(text):
    """What has happened."""
    played = Played()
    for line in text.splitlines():
        match line.split("\t"):
            case "call", flow, name, when:
                calls = played.calls.setdefault(int(flow), [])
                calls.append((name, int(when) / NANOSECONDS))
            case "end", flow, when, source, path:
                played.ends[int(flow)] = int(when) / NANOSECONDS
                played.paths[int(flow)] = (source, int(path))
    return played


@cache
def player():
    """The binary, linked with the conformance suite's programs as they have been compiled."""
    suite, store, compiler = binary(QUICK), Cache(cache_folder()), find_compilers().cxx
    texts = [file.read_text("utf-8") for file in sorted(FOLDER.iterdir())]
    key = digest_of(str(suite), compiler.identity, *texts)
    entry = store.entry("programs", key)
    with store.locked(key):
        if not store.used(entry):
            with store.draft() as draft:
                folder = draft / key
                folder.mkdir()
                build(folder, suite.parent / "sources", compiler.command)
                store.keep(folder, "programs", key)
    return entry / "player"


def build(folder, sources, compiler):
    """Compile the stage and the clock, and link them with the suite's objects but for its stage."""
    include = Engine().include
    paths = [f"-I{each}" for each in (include, include.with_name("src"), sources)]
    command = [*compiler, *QUICK, "-pthread"]
    units = [str(each) for each in sorted(FOLDER.glob("*.cpp"))]
    own = [f"{Path(unit).stem}.o" for unit in units]
    objects = [str(each) for each in sources.glob("*.o") if each.name != "stage.o"]
    for arguments in (
        ["-std=c++20", *paths, "-c", *units],
        ["-o", "player", *own, *objects, str(library(QUICK))],
    ):
        done = run_tool([*command, *arguments], folder)
        assert not done.returncode, done.stdout
