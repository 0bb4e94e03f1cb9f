"""The engine: compiled once for a compiler, then kept.

Programs in C++ are linked with it; those in Python have it loaded before libc.
"""

import shlex
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from flux.resources import folder
from flux.toolchain.cache import Cache
from flux.toolchain.compilers import Compiler
from flux.toolchain.process import BuildError, Tell, processors, run_tool
from flux.toolchain.stamps import Stamp, digest_of, stamps

LIBRARY = "libflux.a"
SHARED = "libflux-fibers.so"
PARTS = ("Makefile", "include", "src")

_ONCE = dict.fromkeys((LIBRARY, SHARED), "the engine, once for this compiler")
_MODULE = "the HTTP codec, once for this interpreter"


class Engine:
    """The engine's sources, as they are now."""

    def __init__(self) -> None:
        self.folder = folder("engine")
        self.files: dict[str, Stamp] = stamps(map(str, self._files()))

    @property
    def include(self) -> Path:
        """Where its headers are."""
        return self.folder / "include"

    def _files(self) -> Iterator[Path]:
        """All files, and the folders, in which there may be more the next time."""
        for part in PARTS:
            yield self.folder / part
            yield from sorted((self.folder / part).rglob("*"))


def build_engine(
    engine: Engine, cache: Cache, compiler: Compiler, flags: Sequence[str], tell: Tell
) -> Path:
    """The engine as a library.

    Raises:
        BuildError: It doesn't compile here.
    """
    return _built(LIBRARY, engine, cache, compiler, flags, tell)


def build_module(  # noqa: PLR0913, PLR0917 - what a build depends on
    name: str, engine: Engine, cache: Cache, compiler: Compiler, flags: Sequence[str], tell: Tell
) -> Path:
    """The HTTP codec as a module of Python, under the name that the interpreter wants.

    Raises:
        BuildError: It doesn't compile here.
    """
    return _built(name, engine, cache, compiler, flags, tell)


def build_shared(
    engine: Engine, cache: Cache, compiler: Compiler, flags: Sequence[str], tell: Tell
) -> Path:
    """What makes fibers of a Python program's threads, as a shared object.

    Raises:
        BuildError: It doesn't compile here.
    """
    return _built(SHARED, engine, cache, compiler, flags, tell)


def _built(  # noqa: PLR0913, PLR0917 - what a build depends on
    name: str, engine: Engine, cache: Cache, compiler: Compiler, flags: Sequence[str], tell: Tell
) -> Path:
    digests = [of_file.digest for of_file in engine.files.values()]
    key = digest_of(name, compiler.identity, *flags, *digests)
    entry = cache.entry("engines", key)
    if cache.used(entry):  # whole, as each that is there: a cache that can't be written will do
        return entry / name
    with cache.locked(key):
        if not cache.used(entry):
            tell(f"compiling {_ONCE.get(name, _MODULE)} ...")
            with cache.draft() as draft, TemporaryDirectory(prefix="flux-") as workshop:
                made = _make(name, engine, compiler, flags, Path(workshop))
                (draft / key).mkdir()
                shutil.move(made, draft / key / name)
                cache.keep(draft / key, "engines", key)
    return entry / name


def _make(
    name: str, engine: Engine, compiler: Compiler, flags: Sequence[str], workshop: Path
) -> Path:
    """A file among what make leaves; a newer compiler's warnings don't matter.

    Make takes names with spaces apart, and homes have such names: so it gets others.
    """
    sources, target = workshop / "engine", workshop / "build"
    sources.symlink_to(engine.folder)
    flags = [*flags, f"-ffile-prefix-map={sources}={engine.folder}", "-Wno-error"]
    command = (
        "make", "--no-print-directory", f"-j{processors()}", "-f", str(sources / "Makefile"),
        "TOGETHER=yes", f"BUILD={target}", f"CXX={compiler}", f"CXXFLAGS={shlex.join(flags)}",
        f"{target / name}",
    )  # fmt: skip
    done = run_tool(command, workshop)
    if done.returncode:
        raise BuildError(done.stdout, f"the engine does not compile with {compiler}")
    return target / name
