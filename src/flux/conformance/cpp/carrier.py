"""The C++ target on trial: all behaviours in one binary, each run in a process of its own."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from flux.conformance.behaviour import Behaviour, Counts, Event, Options, Run
from flux.conformance.behaviours import BEHAVIOURS
from flux.conformance.carrier import DEFAULTS, KILLED, WATCHDOG, compiled, counted
from flux.conformance.cpp.build import QUICK, cached
from flux.conformance.cpp.harness import sources
from flux.runtime.options import FOR_POOLS
from flux.toolchain.cache import Cache, cache_folder

Runtime = Literal["thread", "pool", "event"]

RUNTIMES: tuple[Runtime, ...] = ("thread", "pool", "event")

NUMBERS = {behaviour.name: number for number, behaviour in enumerate(BEHAVIOURS)}


@dataclass(frozen=True, slots=True)
class CppCarrier:
    """Runs what the C++ back end generates; `flags` are those of the compiler."""

    runtime: Runtime
    flags: tuple[str, ...] = QUICK
    target: str = "cpp"

    def run(self, behaviour: Behaviour) -> Run:
        """Act out a behaviour."""
        return act(binary(self.flags), NUMBERS[behaviour.name], self.runtime, behaviour)


def act(program: Path, number: int, runtime: Runtime, behaviour: Behaviour) -> Run:
    """Act out the behaviour that has this number in a binary; a program that hangs is killed."""
    options = options_of(behaviour.options, runtime)
    command = [str(program), str(number), "--runtime", runtime, *options]
    with TemporaryDirectory(prefix="flux-") as folder:
        file = Path(folder, "profile.json")
        ended = _ended([*command, "--profile", f"--profile-file={file}"])
        profile = json.loads(file.read_bytes()) if file.exists() else None
    if ended.returncode != behaviour.status:
        sys.stderr.write(ended.stderr)
    if behaviour.status >= KILLED:
        return Run((), behaviour.counts, ended.returncode, 0.0)
    return _told(ended, profile)


def binary(flags: Sequence[str]) -> Path:
    """All behaviours, whatever runtime they are for; compiled again if the cache was trimmed."""
    program = _built(flags)
    if not Cache(cache_folder()).used(program.parent):
        _built.cache_clear()
        return _built(flags)
    return program


@cache
def _built(flags: Sequence[str]) -> Path:
    programs = [(behaviour, compiled(behaviour)[1]) for behaviour in BEHAVIOURS]
    return cached("behaviours", sources(programs), flags)


def options_of(given: Options, runtime: Runtime) -> list[str]:
    """The options of a behaviour for a runtime, as arguments."""
    options = {**DEFAULTS, **given}
    return [
        f"--{name.replace('_', '-')}={value}"
        for name, value in options.items()
        if runtime == "pool" or name not in FOR_POOLS
    ]


def _ended(command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(  # noqa: S603 - our own program
            command, capture_output=True, text=True, timeout=WATCHDOG, check=False
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, -signal.SIGKILL, "", "it never ends\n")


def _told(ended: "subprocess.CompletedProcess[str]", profile: dict[str, Any] | None) -> Run:
    """What a process has told of its program: a word and a tab begin each line."""
    told: dict[str, list[str]] = {}
    for line in ended.stdout.splitlines():
        word, _, text = line.partition("\t")
        told.setdefault(word, []).append(text)
    drained = re.search(r"drained: (\d+) finished, (\d+) cut", ended.stderr)
    cut = int(drained[2]) if drained else 0
    return Run(
        events=tuple(map(_event, told.get("event", []))),
        counts=Counts(*map(int, told.get("counts", [""])[0].split())),
        status=ended.returncode,
        seconds=float(told.get("seconds", ["nan"])[0]),
        drained=(int(drained[1]), int(drained[2])) if drained else None,
        log=tuple(ended.stderr.splitlines()),
        paths=tuple(sorted(told.get("path", []))),
        profiled=counted(profile) if profile and not cut else None,
    )


def _event(text: str) -> Event:
    flow, _, what = text.partition("\t")
    return Event(None if flow == "-" else int(flow), what)
