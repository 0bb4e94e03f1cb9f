"""What a name of the nodes file stands for, followed through imports and other names.

Modules are found as Python finds them when the file beside the program runs, the file's own
folder first, but nothing is imported, not even the package around a module. What can't be
followed (modules built in or in machine code, cycles) is found, but unexamined.
"""

import sys
from ast import Name
from dataclasses import dataclass, field
from importlib.machinery import PathFinder
from pathlib import Path

from flux.bindings.python.module import (
    Binding,
    Imported,
    Meaning,
    Module,
    parse_module,
    read_text,
)
from flux.source import Span


@dataclass(frozen=True, slots=True)
class Definition:
    """What a name stands for, in the module that defines it.

    A `meaning` of None: it is there, but only running would show what it is. An import as a
    meaning couldn't be followed.
    """

    symbol: str
    span: Span
    module: Module
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Lookup:
    """Names of a nodes file; the modules that it leads to are read once."""

    nodes: Module
    modules: dict[Path, Module | None] = field(default_factory=dict)

    def find(self, symbol: str, module: Module | None = None) -> Definition | None:
        """What a name of a module, or else of the nodes file, stands for.

        None: the module certainly doesn't have it.
        """
        return self._find(module or self.nodes, symbol, frozenset())

    def _find(
        self, module: Module, symbol: str, seen: frozenset[tuple[Path, str]]
    ) -> Definition | None:
        binding = module.names.get(symbol)
        seen |= {(module.path, symbol)}
        if binding:
            return self._followed(module, symbol, binding, seen)
        for star in module.stars:
            origin = self._module(module, star)
            if origin is None:
                return _from_afar(module, star, symbol)
            if not symbol.startswith("_") and (origin.path, symbol) not in seen:
                found = self._find(origin, symbol, seen)
                if found:
                    return found
        return _from_afar(module, "", symbol) if module.is_open else None

    def _followed(
        self, module: Module, symbol: str, binding: Binding, seen: frozenset[tuple[Path, str]]
    ) -> Definition:
        """What a binding leads to: itself, unless it only hands on another name."""
        here = Definition(symbol, binding.span, module, binding.meaning)
        match binding.meaning:
            case Imported(origin, str(name)):
                target = self._module(module, origin)
            case Name(id=name) if name in module.names:
                target = module
            case _:
                return here
        if target is None or (target.path, name) in seen:
            return here
        return self._find(target, name, seen) or here

    def _module(self, importer: Module, name: str) -> Module | None:
        """A module as another one names it, if it is a file of Python that can be read."""
        path = _file_of(importer.path.parent, self.nodes.path.parent, name)
        if path is None:
            return None
        if path not in self.modules:
            self.modules[path] = _read(path)
        return self.modules[path]


def _from_afar(module: Module, origin: str, symbol: str) -> Definition:
    """A name that the module may well have, but doesn't show."""
    return Definition(symbol, Span(module.file, 0, 0), module, Imported(origin, symbol))


def _file_of(folder: Path, root: Path, name: str) -> Path | None:
    """The file of a module, by its name in an import statement."""
    bare = name.lstrip(".")
    places = [str(root), *sys.path]
    for _ in range(len(name) - len(bare)):
        places, folder = [str(folder)], folder.parent
    origin = None
    for part in bare.split("."):
        spec = PathFinder.find_spec(part, places)
        if spec is None:
            return None
        origin, places = spec.origin, list(spec.submodule_search_locations or ())
    return Path(origin) if origin and origin.endswith(".py") else None


def _read(path: Path) -> Module | None:
    try:
        return parse_module(path, read_text(path))
    except (OSError, UnicodeDecodeError, SyntaxError):
        return None
