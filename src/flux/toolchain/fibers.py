"""An interpreter that is started anew with the engine, so that its threads are fibers."""

import os
import platform
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from flux.nodes.native import VARIABLE
from flux.toolchain.cache import Cache
from flux.toolchain.compilers import MissingCompilerError, find_compilers
from flux.toolchain.engine import Engine, build_shared
from flux.toolchain.process import BuildError, Tell

PRELOADED = "LD_PRELOAD"
INHERITED = "FLUX_FIBERS_INHERIT"
STALL = "FLUX_FIBERS_STALL"
FLAGS = ("-O2", "-g")


class NoFibersError(Exception):
    """Threads can't be fibers here: why, and how to do without."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}\n--runtime pool runs the same programs on threads")


def obstacle() -> str | None:
    """Why this interpreter's threads can't be fibers, as far as that is known without trying."""
    if sys.platform != "linux":
        return f"threads are fibers on Linux only, and this is {sys.platform}"
    if platform.libc_ver()[0] != "glibc":
        return "threads are fibers only where the C library is glibc, and here it is another"
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return "this Python runs threads at the same time, which fibers of one loop can't"
    return None


def shared_object(cache: Cache, tell: Tell) -> Path:
    """What is to be loaded before libc; compiled, unless it has been.

    Raises:
        NoFibersError: It can't be used, or made, here.
        BuildError: It doesn't compile.
    """
    if reason := obstacle():
        raise NoFibersError(reason)
    try:
        compiler = find_compilers().cxx
    except MissingCompilerError as error:
        raise NoFibersError(f"{error}: `flux doctor` says what to install") from None
    made = build_shared(Engine(), cache, compiler, FLAGS, tell)
    if any(separator in str(made) for separator in ": "):
        raise BuildError("", f"no space or colon may be in {made}: choose another FLUX_CACHE")
    return made


def environment(
    made: Path,
    codec: Path | None,
    given: Mapping[str, str],
    *,
    children: bool,
    stall: int | None = None,
) -> dict[str, str]:
    """The environment of an interpreter with fibers, and with the engine's codec if that is there.

    `children`: theirs have fibers, too. `stall` is after how many milliseconds a fiber is told that
    holds up the others; 0: never.
    """
    others = given.get(PRELOADED, "")
    preloaded = f"{made}:{others}" if others else str(made)
    inherited = {INHERITED: "1"} if children else {}
    codecs = {VARIABLE: str(codec)} if codec else {}
    told = {} if stall is None else {STALL: str(stall)}
    return {**given, PRELOADED: preloaded, **inherited, **codecs, **told}


def become(arguments: list[str], changed: Mapping[str, str]) -> None:
    """Let this process be an interpreter again, with these arguments; it doesn't return."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(sys.executable, [sys.executable, *arguments], changed)  # noqa: S606 - no shell is wanted
