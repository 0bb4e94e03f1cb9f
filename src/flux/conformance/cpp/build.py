"""Binaries of many generated programs, linked with the engine."""

import os
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flux.toolchain.cache import Cache, cache_folder
from flux.toolchain.compilers import Compiler, find_compilers
from flux.toolchain.engine import Engine, build_engine
from flux.toolchain.process import BuildError, processors, run_tool
from flux.toolchain.stamps import digest_of

QUICK = ("-O0",)
OF_ENGINE = ("-O2", "-g")
CLANG = ("clang++", *(f"clang++-{version}" for version in range(25, 13, -1)))

SANITIZERS = {
    "address": ("-fsanitize=address,undefined", "-fno-sanitize-recover=all"),
    "thread": ("-fsanitize=thread",),
    "undefined": ("-fsanitize=undefined", "-fno-sanitize-recover=all"),
}


def flags_of(sanitizer: str | None) -> tuple[str, ...]:
    """How to compile, with an eye on a kind of mistakes or without."""
    if sanitizer is None:
        return QUICK
    return ("-O0", "-g1", "-fno-omit-frame-pointer", *SANITIZERS[sanitizer])


def cached(name: str, files: Mapping[str, str], flags: Sequence[str] = QUICK) -> Path:
    """A binary made of these files, compiled if nobody has done so before; raises as `build`."""
    cache, compiler, engine = Cache(cache_folder()), _compiler(flags), Engine()
    digests = (of_file.digest for of_file in engine.files.values())
    key = digest_of(compiler.identity, *flags, *digests, *files, *files.values())
    entry = cache.entry("programs", key)
    with cache.locked(key):
        if not cache.used(entry):
            with cache.draft() as draft:
                build(draft / key / name, files, flags)
                cache.keep(draft / key, "programs", key)
    return entry / name


def build(binary: Path, files: Mapping[str, str], flags: Sequence[str] = QUICK) -> None:
    """Compile all sources that stand beside each other, and link them with the engine.

    Raises:
        BuildError: A file has errors.
        MissingCompilerError: There is no compiler.
    """
    engine = library(flags)
    sources = binary.with_name("sources")
    for name, text in files.items():
        (sources / name).parent.mkdir(parents=True, exist_ok=True)
        (sources / name).write_text(text, encoding="utf-8")
    command = [*_compiler(flags).command, *flags, "-pthread"]
    include = f"-I{Engine().include}"
    units = [name for name in files if name.endswith(".cpp") and "/" not in name]
    with ThreadPoolExecutor(processors()) as pool:
        compiling = [[*command, "-std=c++20", include, "-c", unit] for unit in units]
        list(pool.map(lambda each: _run(each, sources), compiling))
    objects = [f"{Path(unit).stem}.o" for unit in units]
    _run([*command, "-o", str(binary), *objects, str(engine)], sources)


def library(flags: Sequence[str]) -> Path:
    """The engine, compiled with these flags if nobody has done so before."""
    of_engine = OF_ENGINE if flags == QUICK else flags
    cache = Cache(cache_folder())
    return build_engine(Engine(), cache, find_compilers().cxx, of_engine, lambda _text: None)


def _compiler(flags: Sequence[str]) -> Compiler:
    """Clang, if it is there, where that is enough: it takes half the time of g++ then."""
    clang = next((name for name in CLANG if shutil.which(name)), None)
    if flags != QUICK or clang is None or os.environ.get("CXX"):
        return find_compilers().cxx
    return find_compilers({**os.environ, "CXX": clang}).cxx


def _run(command: Sequence[str], folder: Path) -> None:
    done = run_tool(command, folder)
    if done.returncode:
        raise BuildError(done.stdout, f"{command[-1]} does not compile")
