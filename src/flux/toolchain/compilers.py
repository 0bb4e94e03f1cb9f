"""The compilers of this machine, known by their files: none is run to find them.

A compiler is a command: `CXX="ccache g++"` works as it does with make. Its identity is what its
programs' files are like, so that an upgraded compiler is another one.
"""

import os
import shlex
import shutil
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from flux.toolchain.stamps import digest_of

CXX = ("g++", "clang++", "c++")
CC = ("gcc", "clang", "cc")

# What else changes the outcome of a compiler's command.
VARIABLES = (
    "CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "LIBRARY_PATH", "COMPILER_PATH",
    "GCC_EXEC_PREFIX", "SOURCE_DATE_EPOCH", "CCC_OVERRIDE_OPTIONS",
)  # fmt: skip


class Compiler(NamedTuple):
    """A command that compiles, and what it was when it was found."""

    command: tuple[str, ...]
    identity: str

    def __str__(self) -> str:
        return shlex.join(self.command)


class MissingCompilerError(Exception):
    """There is no such compiler."""


class Compilers(NamedTuple):
    """Both compilers; many programs need none for C, so `c` may be None."""

    cxx: Compiler
    c: Compiler | None

    @property
    def identity(self) -> str:
        """What both are, and what of the environment they heed."""
        heeded = [f"{name}={os.environ.get(name)}" for name in VARIABLES]
        return digest_of(self.cxx.identity, self.c.identity if self.c else "", *heeded)


def find_compilers(environment: Mapping[str, str] = os.environ) -> Compilers:
    """The compilers that `CXX` and `CC` name, else the first that are on the PATH.

    Raises:
        MissingCompilerError: There is none for C++, or none of a name that was given.
    """
    cxx = _find("CXX", CXX, environment)
    if cxx is None:
        raise MissingCompilerError(f"no C++ compiler was found: looked for {', '.join(CXX)}")
    return Compilers(cxx, _find("CC", CC, environment))


def _find(variable: str, names: Sequence[str], environment: Mapping[str, str]) -> Compiler | None:
    given = shlex.split(environment.get(variable, ""))
    if given:
        if not shutil.which(given[0], path=environment.get("PATH")):
            raise MissingCompilerError(f"{variable} is {given[0]}, which is no program here")
        return _compiler(given, environment)
    found = (name for name in names if shutil.which(name, path=environment.get("PATH")))
    return next((_compiler([name], environment) for name in found), None)


def _compiler(command: Sequence[str], environment: Mapping[str, str]) -> Compiler:
    return Compiler(tuple(command), digest_of(*_traits(command, environment)))


def _traits(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[str]:
    """The words of a command, and what the files of its programs are like."""
    for word in command:
        yield word
        if program := shutil.which(word, path=environment.get("PATH")):
            path = os.path.realpath(program)
            status = os.stat(path)  # noqa: PTH116 - pathlib costs more than the rest
            yield f"{path} {status.st_size} {status.st_mtime_ns}"
