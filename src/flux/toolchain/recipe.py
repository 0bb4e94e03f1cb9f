"""Recipes: what a native program is made of, before it is known where it is built."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flux.toolchain.manifest import Flags
from flux.toolchain.process import BuildError
from flux.toolchain.wrapper import wrapper


@dataclass(frozen=True, slots=True)
class NodesFile:
    """A file of the user's, and the functions in it that must have one signature each."""

    path: Path
    checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """What is compiled: a file of the user's, a text that is written, or the one by the other.

    No two sources of a program have the same `key`, a name that ends as that of the file.
    """

    key: str
    file: Path | None
    written: str | None

    @property
    def name(self) -> Path:
        """What people know it by."""
        return self.file or Path(self.key)

    @property
    def language(self) -> str:
        """C for what is called so, else C++."""
        return "C" if self.name.suffix == ".c" else "C++"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What goes into a native program.

    `generated` are the texts of the program, by file name: a header and sources. Relative paths
    in the flags count from `folder`.
    """

    name: str
    generated: Mapping[str, str]
    nodes: tuple[NodesFile, ...]
    folder: Path
    flags: Flags = field(default_factory=Flags)

    def texts(self) -> dict[str, str]:
        """The files to write: those of the program, and the wrappers of the user's.

        Raises:
            BuildError: A file of the user's has a name that can't be used.
        """
        texts = dict(self.generated)
        for file, source in zip(self.nodes, self._of_user(), strict=True):
            if file.path.name in self.generated:
                raise BuildError("", f"{file.path} is called as a generated file is: rename it")
            if source.written:
                texts[source.written] = wrapper(file.path.name, file.checked)
        return texts

    def sources(self) -> list[Source]:
        """What is compiled, the user's files first: those have the mistakes."""
        generated = [name for name in self.generated if name.endswith(".cpp")]
        return [*self._of_user(), *(Source(name, None, name) for name in generated)]

    def folders(self) -> list[Path]:
        """Where the headers of the user's files are."""
        return list(dict.fromkeys([self.folder, *(file.path.parent for file in self.nodes)]))

    def _of_user(self) -> Iterator[Source]:
        keys: set[str] = set()
        for file in self.nodes:
            key = file.path.name
            while key in keys:
                key = f"other_{key}"
            keys.add(key)
            yield Source(key, file.path, f"checked_{key}" if file.checked else None)
