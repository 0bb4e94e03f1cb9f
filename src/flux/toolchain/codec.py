"""The engine's HTTP codec as a module of this interpreter, for servers in Python."""

import sysconfig
from pathlib import Path

from flux.nodes.native import MODULE, SUFFIX
from flux.toolchain.cache import Cache
from flux.toolchain.compilers import MissingCompilerError, find_compilers
from flux.toolchain.engine import Engine, build_module
from flux.toolchain.process import BuildError, Tell

FLAGS = ("-O2", "-g")


def headers() -> Path | None:
    """The folder of this interpreter's headers; None if they aren't installed."""
    folder = Path(sysconfig.get_path("include"))
    return folder if (folder / "Python.h").exists() else None


def codec(cache: Cache, tell: Tell) -> Path | None:
    """The module's file; compiled, unless it has been. None where it can't be had.

    Servers then do with the codec in Python, so whatever is missing here is no mistake.
    """
    folder = headers()
    if folder is None:
        return None
    flags = (*FLAGS, "-isystem", str(folder))
    try:
        return build_module(MODULE + SUFFIX, Engine(), cache, find_compilers().cxx, flags, tell)
    except (MissingCompilerError, BuildError) as error:
        tell(f"going on with the HTTP codec in Python: {error}")
        return None
