"""Compiling: several files at a time, and none whose object is in the cache.

An object is a function of its command and its compiler, of the texts that are compiled and of the
headers which those include, the system's too. The headers are known only when they have been
compiled; so the cache is asked twice: for the headers that the texts included the last time, and,
with those, for the object.
"""

import os
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from flux.toolchain.cache import Cache
from flux.toolchain.dependencies import read_dependencies
from flux.toolchain.process import BuildError, Tell, processors, run_tool
from flux.toolchain.stamps import Stamp, digest_of, stamps

# What is saved while its compiler runs is compiled again, but not for ever.
MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Unit:
    """Something to compile: a file, by the name that people know, and a command.

    `texts` are what is compiled, without headers. The command lacks only where its outcome goes;
    `compilers` is the identity of what it runs.
    """

    file: Path
    texts: tuple[Path, ...]
    command: tuple[str, ...]
    compilers: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Compiled:
    """An object, and all files that went into it."""

    object: Path
    files: dict[str, Stamp]


def compile_units(units: Sequence[Unit], cache: Cache, tell: Tell) -> list[Compiled]:
    """Compile units on all processors.

    Raises:
        BuildError: A unit has errors.
    """
    with ThreadPoolExecutor(processors()) as pool:
        return list(pool.map(lambda unit: _compiled(unit, cache, tell), units))


def _compiled(unit: Unit, cache: Cache, tell: Tell) -> Compiled:
    if found := _known(unit, cache):
        return found
    tell(f"compiling {unit.file.name} ...")
    files: dict[str, Stamp] = {}
    for _ in range(MOST_ATTEMPTS):
        compiled, files = _compile(unit, cache, tell, files)
        if compiled:
            return compiled
    raise BuildError("", f"{unit.file} changes whenever it is compiled")


def _known(unit: Unit, cache: Cache) -> Compiled | None:
    """What the cache has of a unit, if its headers are what they were."""
    try:
        texts = _stamps_of_texts(unit)
        record = cache.entry("headers", _key(unit, texts)).read_bytes()
        files = texts | stamps(filter(None, os.fsdecode(record).split("\0")))
    except (OSError, ValueError):
        return None
    entry = cache.entry("objects", _key(unit, files))
    return Compiled(entry, files) if cache.used(entry) else None


def _compile(
    unit: Unit, cache: Cache, tell: Tell, before: Mapping[str, Stamp]
) -> tuple[Compiled | None, dict[str, Stamp]]:
    """Compile a unit, unless one of its files was changed meanwhile; and what they are now.

    A file may say that it will be changed tomorrow: it stays what it was before.
    """
    started = time.time_ns()
    with cache.draft() as draft:
        rule, made = draft / "rule.d", draft / "made.o"
        _run(unit, ("-MD", "-MF", str(rule), "-o", str(made)), tell)
        headers = [str(unit.folder / name) for name in read_dependencies(rule)]
        texts = _stamps_of_texts(unit)
        files = texts | stamps(headers)
        young = (file for file in files if Path(file).stat().st_mtime_ns >= started)
        if any(files[file] != before.get(file) for file in young):
            return None, files
        entry = cache.keep(made, "objects", _key(unit, files))
    cache.write("headers", _key(unit, texts), "\0".join(headers))
    return Compiled(entry, files), files


def _stamps_of_texts(unit: Unit) -> dict[str, Stamp]:
    return stamps(map(str, unit.texts))


def _key(unit: Unit, files: dict[str, Stamp]) -> str:
    digests = (of_file.digest for of_file in files.values())
    return digest_of(unit.compilers, str(unit.folder), *unit.command, *files, *digests)


def _run(unit: Unit, outcome: Sequence[str], tell: Tell) -> None:
    done = run_tool([*unit.command, *outcome], unit.folder)
    if done.returncode:
        raise BuildError(done.stdout, f"{unit.file} does not compile")
    if done.stdout:
        tell(done.stdout.rstrip())
