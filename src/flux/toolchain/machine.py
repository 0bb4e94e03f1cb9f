"""What this machine has of what targets and runtimes need."""

import resource
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from importlib.util import find_spec
from platform import python_version

from flux.toolchain.cache import Cache, cache_folder
from flux.toolchain.codec import headers
from flux.toolchain.compilers import Compiler, MissingCompilerError, find_compilers
from flux.toolchain.fibers import obstacle
from flux.toolchain.packages import installing
from flux.toolchain.probes import CXX20, JPEG, OPENSSL, TOML, version, works

OLDEST_PYTHON = (3, 11)
NATIVE = "programs in C++"
FEW_FILES = 1024
FEW_THREADS = 1024

# The extras of this package, by the module that each brings.
EXTRAS = {
    "httptools": ("http", "flux.nodes.http"),
    "PIL": ("image", "an example, the image server"),
    "rich": ("terminal", "views in a terminal"),
    "watchfiles": ("reload", "flux run --reload"),
}

# What some programs in C++ are linked with or include: for what, a text that needs it, and flags.
LIBRARIES = {
    "libjpeg": ("an example, the image server", JPEG, ("-ljpeg",)),
    "toml++": ("an example, --config of the web server", TOML, ("-std=c++20",)),
    "OpenSSL": ("TLS, the web server", OPENSSL, ("-lssl", "-lcrypto")),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A thing that a target or, without one, any program may need.

    `detail` is what was found, and `cure` the command that would mend what is wrong. All programs
    of the target need what is required, some need the rest.
    """

    thing: str
    target: str
    purpose: str
    detail: str
    cure: str = ""
    _: KW_ONLY
    required: bool = False
    present: bool = False


def findings(targets: tuple[str, ...], runtime: str | None) -> Iterator[Finding]:
    """What targets need, and what a runtime needs of the system, all of them if it is None."""
    if "python" in targets:
        yield from _python()
        if runtime in (None, "event"):
            yield _fibers()
            yield _headers()
    if "cpp" in targets:
        yield from _cpp()
    yield from _limits(runtime)


def _python() -> Iterator[Finding]:
    fresh = sys.version_info >= OLDEST_PYTHON
    version = python_version()
    yield Finding("Python", "python", "programs in Python", version, required=True, present=fresh)
    for module, (extra, purpose) in EXTRAS.items():
        if find_spec(module):
            yield Finding(module, "python", purpose, "installed", present=True)
        else:
            cure = f"{sys.executable} -m pip install 'flux-servers[{extra}]'"
            yield Finding(module, "python", purpose, "not installed", cure)


def _fibers() -> Finding:
    """Whether threads can be fibers here, or the first reason why not."""
    purpose = "--runtime event, flux fibers"
    if reason := obstacle():
        return Finding("event runtime", "python", purpose, reason)
    lack, thing = _lack_for_fibers()
    if lack:
        return Finding("event runtime", "python", purpose, lack, installing(thing))
    return Finding("event runtime", "python", purpose, "glibc, compiler and make", present=True)


def _headers() -> Finding:
    """Whether the codec can be compiled for this interpreter; without it, servers do the same."""
    purpose = "faster HTTP on --runtime event"
    if folder := headers():
        return Finding("Python.h", "python", purpose, str(folder), present=True)
    lack = f"not in {sysconfig.get_path('include')}"
    return Finding("Python.h", "python", purpose, lack, installing("Python.h"))


def _lack_for_fibers() -> tuple[str, str]:
    """What keeps the engine from being compiled, and the thing to install; empty if nothing."""
    try:
        compiler = find_compilers().cxx
    except MissingCompilerError as error:
        return str(error), "g++"
    if not works(compiler, CXX20, ".cpp", "-std=c++20", "-pthread"):
        return f"{compiler} compiles no C++20", "g++"
    return ("", "") if shutil.which("make") else ("make is not found", "make")


def _cpp() -> Iterator[Finding]:
    try:
        compilers = find_compilers()
    except MissingCompilerError as error:
        cure = installing("g++")
        yield Finding("C++ compiler", "cpp", NATIVE, str(error), cure, required=True)
    else:
        yield _compiler(compilers.cxx)
        yield _c_compiler(compilers.c)
        for name in LIBRARIES:
            yield _library(compilers.cxx, name)
    yield _make()
    yield _cache()


def _compiler(cxx: Compiler) -> Finding:
    fit = works(cxx, CXX20, ".cpp", "-std=c++20", "-pthread")
    detail = f"{cxx}: {version(cxx)}{'' if fit else ', which compiles no C++20'}"
    cure = "" if fit else installing("g++")
    return Finding("C++ compiler", "cpp", NATIVE, detail, cure, required=True, present=fit)


def _c_compiler(c: Compiler | None) -> Finding:
    if c is None:
        return Finding("C compiler", "cpp", "functions in C", "not found", installing("gcc"))
    return Finding("C compiler", "cpp", "functions in C", f"{c}: {version(c)}", present=True)


def _library(cxx: Compiler, name: str) -> Finding:
    purpose, program, flags = LIBRARIES[name]
    if works(cxx, program, ".cpp", *flags):
        return Finding(name, "cpp", purpose, "installed", present=True)
    return Finding(name, "cpp", purpose, "no header, or no library", installing(name))


def _make() -> Finding:
    if path := shutil.which("make"):
        return Finding("make", "cpp", NATIVE, path, required=True, present=True)
    return Finding("make", "cpp", NATIVE, "not found", installing("make"), required=True)


def _cache() -> Finding:
    folder = cache_folder()
    try:
        with Cache(folder).draft():
            return Finding("cache", "cpp", NATIVE, str(folder), required=True, present=True)
    except OSError as error:
        cure = "export FLUX_CACHE=FOLDER, one that you may write to"
        detail = f"{folder}: {error.strerror}"
        return Finding("cache", "cpp", NATIVE, detail, cure, required=True)


def _limits(runtime: str | None) -> Iterator[Finding]:
    yield _limit("open files", resource.RLIMIT_NOFILE, FEW_FILES, "connections", "ulimit -n 20000")
    if runtime in (None, "thread"):
        yield _limit("threads", resource.RLIMIT_NPROC, FEW_THREADS, "flows", "ulimit -u 20000")


def _limit(thing: str, kind: int, few: int, purpose: str, cure: str) -> Finding:
    soft, _ = resource.getrlimit(kind)
    endless = soft == resource.RLIM_INFINITY
    enough = endless or soft >= few
    detail = "no limit" if endless else f"at most {soft:,}"
    return Finding(thing, "", f"many {purpose}", detail, "" if enough else cure, present=enough)
