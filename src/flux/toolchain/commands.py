"""The commands that make a native program of its texts."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from flux.toolchain.compilers import Compilers
from flux.toolchain.manifest import Flags
from flux.toolchain.process import BuildError
from flux.toolchain.recipe import Recipe, Source

STANDARD = {"C++": "-std=c++20", "C": "-std=gnu11"}
COMMON = ("-Wall", "-pthread")


def mode(flags: Flags) -> tuple[str, ...]:
    """How the compilers optimise and what they add, in all parts of a program."""
    if flags.sanitize:
        how = "-O0" if flags.debug else "-O1"
        return (how, "-g", "-fno-omit-frame-pointer", f"-fsanitize={flags.sanitize}")
    return ("-O0" if flags.debug else "-O2", "-g")


def mode_of_engine(flags: Flags) -> tuple[str, ...]:
    """The same for the engine, which stays fast while the user's functions are debugged."""
    return mode(flags._replace(debug=False))


def compiling(
    source: Source, recipe: Recipe, compilers: Compilers, generated: Path, include: Path
) -> tuple[str, ...]:
    """The command that compiles a source, but for where its object goes.

    `generated` is where the texts are written, `include` where the engine's headers are. Headers
    beside the user's files are found by `#include "..."` only: one may be called as a system's.

    Raises:
        BuildError: There is no compiler for the language.
    """
    compiler = compilers.cxx if source.language == "C++" else compilers.c
    if compiler is None:
        raise BuildError("", f"no C compiler was found, and {source.name} is C")
    return (
        *compiler.command,
        STANDARD[source.language],
        *mode(recipe.flags),
        *COMMON,
        f"-I{include}",
        *(f"-iquote{folder}" for folder in _searched(source, recipe, generated)),
        *_flags(source, recipe.flags.cxxflags),
        "-c",
        str(generated / source.written if source.written else source.name),
    )


def linking(recipe: Recipe, compilers: Compilers, objects: Sequence[Path]) -> tuple[str, ...]:
    """The command that links objects, the engine among them, but for where the binary goes."""
    return (
        *compilers.cxx.command,
        *mode(recipe.flags),
        *COMMON,
        *map(str, objects),
        *recipe.flags.ldflags,
    )


def _searched(source: Source, recipe: Recipe, generated: Path) -> Iterator[Path]:
    """Where headers are looked for: a wrapper finds its own file first."""
    own = [source.file.parent] if source.file else []
    yield from dict.fromkeys([*own, generated, *recipe.folders()])


def _flags(source: Source, flags: Sequence[str]) -> Iterator[str]:
    """The user's flags, without those that are for C++ only where C is compiled."""
    for flag in flags:
        if source.language == "C++" or not flag.startswith("-std="):
            yield flag
