"""The names that the system's headers take, from lists that `tools/system_names.py` writes."""

import re
from functools import cache
from pathlib import Path

from flux.bindings.cpp.functions import Function
from flux.bindings.cpp.scan import scan
from flux.source import SourceFile

_NAME = re.compile(r"(\w+)\(")
# They are defined only for some machines, versions of C, or headers.
_MORE_MACROS = frozenset({"assert", "i386", "linux", "unix"})
_OTHERS = frozenset({
    "DIR", "FILE", "daylight", "environ", "optarg", "opterr", "optind", "optopt", "signgam",
    "timezone", "tzname",
})  # fmt: skip


def system_function(name: str) -> Function | None:
    """A function that the system's headers declare."""
    prototype = _prototypes().get(name)
    if prototype is None:
        return None
    file = SourceFile("the system", f"{prototype};")
    return next(iter(scan(file, is_cpp=False).functions), None)


@cache
def _prototypes() -> dict[str, str]:
    lines = Path(__file__).with_name("functions.txt").read_text(encoding="utf-8").splitlines()
    return {found[1]: line for line in lines if (found := _NAME.search(line))}


@cache
def macros() -> frozenset[str]:
    """What the preprocessor would put something else for."""
    text = Path(__file__).with_name("macros.txt").read_text(encoding="utf-8")
    return frozenset(text.split()) | _MORE_MACROS


@cache
def system_types() -> frozenset[str]:
    """The names of types that the functions take and give."""
    return frozenset(re.findall(r"[A-Za-z]\w*", " ".join(_prototypes().values())))


@cache
def types_and_variables() -> frozenset[str]:
    """Names of the system that stand for neither a function nor a macro, nor for a `struct`."""
    return _OTHERS | {name for name in system_types() if name.endswith("_t")}
