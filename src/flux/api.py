"""Flux programs as Python objects: load, check, run, start and stop them.

program = flux.load("image.flux")
with program.start(runtime="pool", threads=8) as server:
    ...
"""

import linecache
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from os import PathLike
from pathlib import Path
from typing import Any, Literal, TypedDict, Unpack

from flux.bindings import check_implementation, check_names, find_nodes_file
from flux.diagnostics import Diagnostic, Level
from flux.driver import Compilation, compile_program, generate
from flux.render import as_text
from flux.runtime import Constraints, Nodes, ProfileOptions, Program, Server, TraceOptions
from flux.runtime.files import imported
from flux.source import SourceFile

_numbers = count(1)


class ProgramError(Exception):
    """A program can't be run; `diagnostics` says why, and so does the text."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(f"\n{as_text(diagnostics)}")
        self.diagnostics = tuple(diagnostics)


class ServerOptions(TypedDict, total=False):
    """How a program is run; `flux.runtime.Server` describes each."""

    runtime: Literal["thread", "pool", "event"]
    threads: int | None
    queue: int
    max_flows: int | None
    drain: float
    args: Sequence[str]
    observe: Callable[[str, str, Any], Any] | None
    on_end: Callable[..., None] | None
    profile: ProfileOptions
    trace: TraceOptions


@dataclass(frozen=True, slots=True)
class LoadedProgram:
    """A program and its implementation: a file of functions, a module, or any object.

    `target` is the back end that generates the program; its `main` must be a Python module with
    `program(nodes, constraints) -> Program`.
    """

    compilation: Compilation
    nodes: object
    target: str = "python"

    def check(self) -> tuple[Diagnostic, ...]:
        """Every mistake of the program, and of its functions where they stand in a file."""
        found = self.compilation.diagnostics
        if not self.compilation.ok:
            return found
        if isinstance(self.nodes, Path):
            return found + check_implementation(self.compilation.graph, self.nodes)
        return found + check_names(self.compilation.graph)

    def start(self, **options: Unpack[ServerOptions]) -> Server:
        """Let the program serve until it is stopped, or the `with` block is left.

        Raises ProgramError if the program has errors, MissingFunctions if its functions don't
        all exist, ValueError if the target is none that runs in Python.
        """
        return self.server(**options).start()

    def run(self, **options: Unpack[ServerOptions]) -> int:
        """Serve on the main thread until a signal or the program's own end; the exit status.

        Raises as `start` does.
        """
        return self.server(**options).run()

    def server(self, **options: Unpack[ServerOptions]) -> Server:
        """The server, not started. Raises as `start` does."""
        function, facts = self._generated()
        implementation = imported(self.nodes) if isinstance(self.nodes, Path) else self.nodes
        return Server(function, implementation, facts=facts, **options)

    def _generated(
        self,
    ) -> tuple[Callable[[Nodes, Constraints], Program], Mapping[str, Any] | None]:
        found = self.check()
        if self.compilation.plan is None or any(d.level is Level.ERROR for d in found):
            raise ProgramError(found)
        artifact = generate(self.compilation.plan, self.target)
        if not artifact.main.endswith(".py"):
            raise ValueError(f"a program of the target `{self.target}` is no Python: `flux run` it")
        return _compiled(artifact.main, artifact.files[artifact.main]), artifact.facts or None


def load(
    program: str | PathLike[str], nodes: object = None, target: str = "python"
) -> LoadedProgram:
    """Read a program. `nodes` are its functions: a file, a module or an object.

    Without `nodes` they are looked for in `server.py` beside `server.flux`. `target` names the
    back end.

    Raises OSError or UnicodeDecodeError if the file can't be read. Mistakes raise nothing yet:
    see `check`.
    """
    path = Path(program)
    compilation = compile_program(SourceFile(path.name, path.read_text(encoding="utf-8-sig")))
    if isinstance(nodes, str | PathLike):
        nodes = Path(nodes)
    elif nodes is None:
        nodes = find_nodes_file(path) or path.with_suffix(".py")
    return LoadedProgram(compilation, nodes, target)


def _compiled(name: str, text: str) -> Callable[[Nodes, Constraints], Program]:
    """The generated function; tracebacks show its text, though it is in no file."""
    filename = f"<{name} {next(_numbers)}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    namespace: dict[str, Any] = {"__name__": name.removesuffix(".py")}
    exec(compile(text, filename, "exec"), namespace)  # noqa: S102 - this is our own text
    function: Callable[[Nodes, Constraints], Program] = namespace["program"]
    return function
