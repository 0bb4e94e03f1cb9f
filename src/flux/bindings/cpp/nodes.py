"""What bears a program in C and C++."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flux.bindings.cpp.directives import SUFFIXES, Directives
from flux.bindings.cpp.functions import Function, Linkage
from flux.bindings.implementation import Implementation, Place
from flux.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class CppNodes:
    """The files that bear a program.

    `files` are to be compiled. `functions` are those that are defined or declared, by name.
    `doubtful` are names that macros may define; where any name may be, the nodes are open.
    `system` are the functions that the system's headers declare as the program needs them.
    """

    files: tuple[Path, ...]
    directives: Directives = field(default_factory=Directives)
    functions: Mapping[str, tuple[Function, ...]] = field(default_factory=dict)
    doubtful: frozenset[str] = frozenset()
    is_open: bool = False
    system: frozenset[str] = frozenset()
    diagnostics: tuple[Diagnostic, ...] = ()

    def defined(self, name: str) -> tuple[Function, ...]:
        """The functions of a name that a program could call."""
        return tuple(f for f in self.functions.get(name, ()) if f.is_defined and f.may_bear)

    def may_have(self, name: str) -> bool:
        """Whether a function may be there, in these files or in what is linked to them."""
        if self.is_open or name in self.doubtful | self.system or self.defined(name):
            return True
        is_linked = bool(self.directives.libs or self.directives.ldflags)
        return is_linked and any(f.may_bear for f in self.functions.get(name, ()))

    @property
    def c_functions(self) -> frozenset[str]:
        """The names of functions that have to be declared as those of C."""
        return frozenset(
            name
            for name, functions in self.functions.items()
            if any(f.linkage is Linkage.C and f.may_bear for f in functions)
        )

    def implementations(self) -> dict[str, Implementation]:
        """The functions that are defined here, by name."""
        return {
            name: _implementation(functions[0])
            for name in self.functions
            if (functions := self.defined(name))
        }


def _implementation(function: Function) -> Implementation:
    place = Place(function.span.file.name, function.span.line)
    language = "c" if function.linkage is Linkage.C else "cpp"
    return Implementation(language, function.name, place)


def find_nodes_files(program: Path) -> tuple[Path, ...]:
    """The files of C or C++ beside a program; more than one can't be meant."""
    found = (program.with_suffix(suffix) for suffix in SUFFIXES)
    return tuple(path for path in found if path.is_file())
