"""The modules beside a Python file that it imports, read but never run.

What isn't there counts, too: an import that failed may succeed when its file is written.
"""

import ast
import warnings
from collections.abc import Iterator
from pathlib import Path


def local_modules(nodes: Path) -> set[Path]:
    """A file, and all that it imports from its own folder and the packages there."""
    root = nodes.parent
    found: set[Path] = set()
    waiting = [nodes]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += _imported(file, root)
    return found


def _imported(file: Path, root: Path) -> Iterator[Path]:
    for node in ast.walk(_tree(file)):
        match node:
            case ast.Import(names=names):
                for each in names:
                    yield from _files(root, each.name)
            case ast.ImportFrom(module=module, names=names, level=level):
                start = file.parents[min(level, len(file.parents)) - 1] if level else root
                for each in names:
                    yield from _files(start, f"{module}.{each.name}" if module else each.name)


def _files(start: Path, name: str) -> Iterator[Path]:
    """Where a module and the packages around it may be; the folders must be there."""
    for part in name.split("."):
        if not start.is_dir():
            return
        yield start / f"{part}.py"
        start /= part
        if start.is_dir():
            yield start / "__init__.py"


def _tree(file: Path) -> ast.AST:
    """What a file says; nothing if it is none of Python."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])
