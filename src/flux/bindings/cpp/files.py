"""Reads the files of C and C++ that bear a program.

Read with them are the further files that they name, and the headers beside them, which may have
functions, too. What can't be found there leaves it open which functions there are.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from flux.bindings.cpp.directives import Setting, directives_of, no_node, read_directives
from flux.bindings.cpp.functions import Function
from flux.bindings.cpp.nodes import CppNodes
from flux.bindings.cpp.reserved import declared_by_system
from flux.bindings.cpp.scan import Scan, scan
from flux.bindings.needs import Role, needs
from flux.bindings.texts import not_text
from flux.diagnostics import Code, Diagnostic, Label
from flux.graph.model import ProgramGraph
from flux.source import SourceFile, Span

MOST_FILES = 200
MOST_CHARACTERS = 1 << 20

# Headers that no library of nodes has: those of the languages, of the system, and of Flux.
_KNOWN_FOLDERS = frozenset({"sys", "linux", "netinet", "arpa", "net", "flux"})
# fmt: off
_KNOWN_HEADERS = frozenset({
    "aio.h", "assert.h", "ctype.h", "dirent.h", "errno.h", "fcntl.h", "float.h", "inttypes.h",
    "limits.h", "locale.h", "math.h", "netdb.h", "poll.h", "pthread.h", "pwd.h", "sched.h",
    "semaphore.h", "setjmp.h", "signal.h", "spawn.h", "stdarg.h", "stdatomic.h", "stdbool.h",
    "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h", "strings.h", "termios.h", "time.h",
    "unistd.h", "wchar.h", "wctype.h",
})
# fmt: on


@dataclass(slots=True)
class _Reading:
    """What was read so far, and the headers that wait for it: where each is looked for."""

    graph: ProgramGraph
    scans: dict[Path, Scan] = field(default_factory=dict)
    settings: list[Setting] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    headers: deque[tuple[Path, str, bool]] = field(default_factory=deque)
    wrong: list[Diagnostic] = field(default_factory=list)
    is_open: bool = False


def read_nodes(graph: ProgramGraph, nodes: Iterable[Path]) -> CppNodes:
    """What the nodes files of a program have, and what is wrong with the files themselves."""
    reading = _Reading(graph)
    for path in nodes:
        reading.wrong += _clash(graph, path, reading.files)
        _read_nodes_file(reading, path)
    while reading.headers and len(reading.scans) < MOST_FILES:
        _read_header(reading, *reading.headers.popleft())
    reading.wrong += _blocking_others(reading)
    scans = reading.scans.values()
    return CppNodes(
        files=tuple(dict.fromkeys(reading.files)),
        directives=directives_of(reading.settings),
        functions=_by_name(scans),
        doubtful=frozenset().union(*(scan.doubtful for scan in scans)),
        is_open=reading.is_open or bool(reading.headers) or not all(s.is_whole for s in scans),
        system=declared_by_system(graph),
        diagnostics=tuple(reading.wrong),
    )


def _blocking_others(reading: _Reading) -> Iterator[Diagnostic]:
    """What is called blocking and is no node of the program."""
    nodes = {need.name for need in needs(reading.graph) if need.role is Role.NODE}
    for setting in reading.settings:
        if setting.key == "blocking" and setting.value not in nodes:
            yield no_node(setting, nodes)


def _by_name(scans: Iterable[Scan]) -> dict[str, tuple[Function, ...]]:
    found: dict[str, tuple[Function, ...]] = {}
    for each in scans:
        for function in each.functions:
            found[function.name] = (*found.get(function.name, ()), function)
    return found


def _clash(graph: ProgramGraph, path: Path, others: Iterable[Path]) -> Iterator[Diagnostic]:
    """Two files whose names differ by their ends only: one of them was probably forgotten."""
    for other in others:
        if path != other and path.with_suffix("") == other.with_suffix(""):
            yield Diagnostic(
                Code.NODES_FILE,
                f"both `{other.name}` and `{path.name}` may have the functions of this program",
                Label(Span(graph.file, 0, 0), "which of them is meant?"),
                help="name the file with `--nodes`, or give one of them another name",
            )


def _read_nodes_file(reading: _Reading, path: Path) -> None:
    """Read a file, the settings at its top, and the further files that they name."""
    start = Span(reading.graph.file, 0, 0)
    file = _read_file(
        reading,
        path,
        Label(start, "the functions of this program should be there"),
        "name the file with `--nodes`; `flux build` writes one with a stub for each function",
    )
    for found in read_directives(file) if file else ():
        match found:
            case Diagnostic():
                reading.wrong.append(found)
            case Setting():
                reading.settings.append(found)
                _follow(reading, path.parent, found, is_cpp=path.suffix != ".c")


def _follow(reading: _Reading, folder: Path, setting: Setting, *, is_cpp: bool) -> None:
    match setting:
        case Setting("files", name):
            named = Label(setting.span, "named here")
            _read_file(reading, folder / name, named, "write its name relative to this file")
        case Setting("headers", name) if name.startswith("<"):
            reading.is_open |= not _is_known(name.strip("<>"))
        case Setting("headers", name):
            reading.headers.append((folder, name, is_cpp))


def _is_known(header: str) -> bool:
    """Whether a header has nothing to do with the functions of a program."""
    first = PurePath(header).parts[:1]
    return "." not in header or header in _KNOWN_HEADERS or first[0] in _KNOWN_FOLDERS


def _read_file(reading: _Reading, path: Path, wanted: Label, advice: str) -> SourceFile | None:
    """A file that must be there, looked through; None if it can't be read."""
    reading.files.append(path)
    try:
        file = _file(path)
    except UnicodeDecodeError as error:
        reading.wrong.append(not_text(path, error))
    except OSError as error:
        message = f"cannot read `{path}`: {error.strerror or error}"
        reading.wrong.append(Diagnostic(Code.NODES_FILE, message, wanted, help=advice))
    else:
        _look_through(reading, path, file, is_cpp=path.suffix != ".c")
        return file
    reading.is_open = True
    return None


def _read_header(reading: _Reading, folder: Path, name: str, is_cpp: bool) -> None:  # noqa: FBT001
    """A header, if it is where the file that includes it is; the compiler may look elsewhere."""
    path = folder / name
    if path in reading.scans or name == f"{PurePath(reading.graph.file.name).stem}.h":
        return
    try:
        _look_through(reading, path, _file(path), is_cpp=is_cpp)
    except (OSError, UnicodeDecodeError):
        reading.is_open |= not _is_known(name)


def _look_through(reading: _Reading, path: Path, file: SourceFile, *, is_cpp: bool) -> None:
    if len(file.text) > MOST_CHARACTERS:
        reading.is_open = True
        return
    reading.scans[path] = found = scan(file, is_cpp=is_cpp)
    for include in found.includes:
        if include.startswith('"'):
            reading.headers.append((path.parent, include.strip('"'), is_cpp))


def _file(path: Path) -> SourceFile:
    """The text of a file.

    Raises:
        OSError: It can't be read.
        UnicodeDecodeError: It is no UTF-8.
    """
    return SourceFile(str(path), path.read_bytes().decode("utf-8-sig"))
