"""The simulator compiled: one binary for each program text, compiler and version of the engine.

What doesn't depend on the model is compiled once (`engine/simulator`), so that a model takes less
than a second.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flux.resources import folder
from flux.simulation.errors import EngineError
from flux.toolchain.cache import Cache, cache_folder
from flux.toolchain.compilers import Compiler, find_compilers
from flux.toolchain.process import BuildError, processors, run_tool
from flux.toolchain.stamps import digest_of

NAME = "simulator"

# Sums are made in the order in which they are written, and not fused, as in Python. With -O2 a
# program is compiled in a seventh more time and runs in a twentieth less, which is hardly ever won
# back: most are asked for less than a second.
FLAGS = ("-std=c++20", "-O1", "-ffp-contract=off")


def build(text: str) -> Path:
    """The binary, from the cache if it was compiled before.

    Raises:
        MissingCompilerError: There is no compiler.
        EngineError: It can't be compiled.
    """
    compiler = find_compilers().cxx
    try:
        return _built(text, compiler, Cache(cache_folder()))
    except OSError as error:
        raise EngineError(
            f"the simulator can't be kept in {cache_folder()}: {error.strerror}; set FLUX_CACHE to"
            " a folder that can be written to"
        ) from None


def _built(text: str, compiler: Compiler, cache: Cache) -> Path:
    common = _common(compiler, cache)
    key = digest_of(str(common), text)
    entry = cache.entry("programs", key)
    with cache.locked(key):
        if not cache.used(entry):
            with cache.draft() as draft:
                made = draft / key
                made.mkdir()
                source = made / f"{NAME}.cpp"
                source.write_text(text, encoding="utf-8")
                objects = map(str, sorted(common.iterdir()))
                _run(compiler, [str(source), *objects, "-o", str(made / NAME)], made)
                cache.keep(made, "programs", key)
            cache.trim()
    return entry / NAME


def _common(compiler: Compiler, cache: Cache) -> Path:
    """The folder of the objects that all simulators share."""
    engine = folder("engine")
    sources = sorted((engine / "simulator").glob("*.cpp"))
    headers = sorted((engine / "include" / "flux" / "simulator").glob("*.hpp"))
    texts = [each.read_text(encoding="utf-8") for each in (*sources, *headers)]
    key = digest_of(NAME, compiler.identity, str(engine), *FLAGS, *texts)
    entry = cache.entry("engines", key)
    with cache.locked(key):
        if not cache.used(entry):
            with cache.draft() as draft:
                made = draft / key
                made.mkdir()
                with ThreadPoolExecutor(processors()) as pool:
                    list(pool.map(lambda file: _run(compiler, ["-c", str(file)], made), sources))
                cache.keep(made, "engines", key)
    return entry


def _run(compiler: Compiler, arguments: list[str], where: Path) -> None:
    include = folder("engine") / "include"
    try:
        done = run_tool([*compiler.command, *FLAGS, f"-I{include}", *arguments], where)
    except BuildError as error:
        raise EngineError(str(error)) from None
    if done.returncode:
        raise EngineError(f"{compiler} can't compile the simulator:\n{done.stdout}")
