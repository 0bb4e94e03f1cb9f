"""The pen of the back ends: lines, indentation, and which step of the Plan each line is.

out.line("acquire_cache()")
with out.block("try:"):
    out.line("StoreInCache(picture)", origin="Handler/[_, _]/StoreInCache")
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Writer:
    """Text under construction; `origins` maps line numbers, from 1, to ids of steps."""

    indentation: str = "    "
    lines: list[str] = field(default_factory=list)
    origins: dict[int, str] = field(default_factory=dict)
    depth: int = 0

    def line(self, text: str = "", *, origin: str | None = None) -> None:
        """Write one line at the present depth, or an empty one."""
        self.lines.append(f"{self.indentation * self.depth}{text}" if text else "")
        if origin is not None:
            self.origins[len(self.lines)] = origin

    def text(self, block: str, *, origin: str | None = None) -> None:
        """Write several lines at the present depth."""
        for text in block.splitlines():
            self.line(text, origin=origin)

    @contextmanager
    def block(
        self, opening: str, closing: str | None = None, *, origin: str | None = None
    ) -> Iterator[None]:
        """Write what is inside one level deeper, between an opening and a closing line."""
        self.text(opening, origin=origin)
        self.depth += 1
        yield
        self.depth -= 1
        if closing is not None:
            self.line(closing)

    @property
    def room(self) -> int:
        """How many columns the present depth takes away from each line."""
        return len(self.indentation) * self.depth

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)
