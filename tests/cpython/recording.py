"""Compares an interpreter's outcomes with fibers and without, and keeps them in a file."""

import json
import os
import subprocess
from collections import Counter
from pathlib import Path

from cpython.judging import failed_again, names_with, run

from flux.toolchain.cache import Cache, cache_folder
from flux.toolchain.fibers import environment, shared_object

RESULTS = Path(__file__).with_name("results")
_OURS = ("FLUX", "PYTHON", "VIRTUAL_ENV", "LD_PRELOAD")
_ASK = """
import platform, sys, sysconfig
print(sys.executable, platform.python_version(), sysconfig.get_path("stdlib"), sep="\\n")
"""
_BAD = ("failed", "hung", "crashed")


def plain_environment():
    """Ours, but for what is meant for other interpreters."""
    return {key: value for key, value in os.environ.items() if not key.startswith(_OURS)}


def with_fibers():
    """The same for an interpreter whose threads, and its children's, are fibers.

    It tells of no stalls: some cases want nothing on the standard error.
    """
    made = shared_object(Cache(cache_folder()), print)
    return environment(made, None, plain_environment(), children=True, stall=0)


def found(interpreter):
    """Where it is, and its version, which tells whether it is the system's own."""
    told = subprocess.check_output([interpreter, "-c", _ASK], text=True)
    path, version, library = told.splitlines()
    return path, f"{version} of the system" if library.startswith("/usr/lib/") else version


def compared(interpreter, module):
    """What became of the cases without fibers; and how those fared with them that passed then."""
    plain = run(interpreter, module, plain_environment())
    stuck = names_with(plain, "hung", "crashed")
    fibers = run(interpreter, module, with_fibers(), omit=stuck)
    bad = differing(plain, fibers)
    return entry(plain, bad, failed_again(interpreter, module, with_fibers(), bad))


def differing(plain, fibers):
    """The cases that are worse with fibers, and how they end there."""
    lost = {case: fibers.get(case, ("missing", "")) for case in names_with(plain, "passed")}
    strange = names_with(fibers, *_BAD) - plain.keys()  # what is set up for many, and fails
    lost |= {case: fibers[case] for case in strange}
    return {case: told for case, told in lost.items() if told[0] != "passed"}


def entry(plain, bad, worse):
    """What is kept of a module: of its `bad` cases the `worse` ones failed twice."""
    return {
        "threads": dict(sorted(Counter(outcome for outcome, _ in plain.values()).items())),
        "kept": len(names_with(plain, "passed") - worse.keys()),
        "worse": {case: _short(*worse[case]) for case in sorted(worse)},
        "unsteady": {case: _short(*bad[case]) for case in sorted(bad.keys() - worse.keys())},
    }


def keep(name, module, entry):
    """Put a module's entry into the interpreter's file; none if it isn't installed."""
    file = RESULTS / f"{name.replace(' ', '-')}.json"
    kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"modules": {}}
    modules = dict(sorted((kept["modules"] | {module: entry}).items()))
    text = json.dumps({"python": name, "modules": modules}, indent=1)
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"{text}\n", encoding="utf-8")


def all_kept():
    """What the files of all interpreters hold, in the order of their versions."""
    kept = [json.loads(file.read_text(encoding="utf-8")) for file in RESULTS.glob("*.json")]
    return sorted(kept, key=lambda each: [*map(int, each["python"].split()[0].split("."))])


def _short(outcome, why):
    """The last line says most often what is wrong."""
    last = why.strip().splitlines()[-1:] if outcome != "crashed" else []
    return ": ".join([outcome, *last])[:200]
