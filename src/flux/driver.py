"""The phases in their order; everything here is a pure function of the program's text."""

from dataclasses import dataclass
from pathlib import PurePath

from flux.backends import Artifact, backend
from flux.collector import without_collector
from flux.diagnostics import Code, Diagnostic, Label, Level
from flux.graph.check import check
from flux.graph.model import ProgramGraph
from flux.plan.lower import lower
from flux.plan.model import Plan
from flux.runtime.ways import MOST_PATHS
from flux.source import SourceFile
from flux.syntax.declarations import Program
from flux.syntax.parse import parse


@dataclass(frozen=True, slots=True)
class Compilation:
    """What became of a text: the plan is there if no error was found."""

    file: SourceFile
    program: Program
    graph: ProgramGraph
    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        """Whether the program can run: warnings don't count."""
        return self.plan is not None


@without_collector
def compile_program(file: SourceFile) -> Compilation:
    """Parse, link, check, lower; every mistake that is found, in the order of the text."""
    program, mistakes = parse(file)
    graph, locking, found = check(program)
    found = [*mistakes, *found]
    plan = None
    if not any(diagnostic.level is Level.ERROR for diagnostic in found):
        plan = lower(graph, locking, PurePath(file.name).name)
        found += _too_many_paths(plan, graph)
    ordered = sorted(found, key=lambda diagnostic: diagnostic.primary.span.start)
    return Compilation(file, program, graph, plan, tuple(ordered))


@without_collector
def generate(plan: Plan, target: str = "python") -> Artifact:
    """The files of the generated program. Raises LookupError for an unknown target."""
    return backend(target).generate(plan)


def _too_many_paths(plan: Plan, graph: ProgramGraph) -> list[Diagnostic]:
    return [
        Diagnostic(
            Code.TOO_MANY_PATHS,
            f"flows of `{loop.source}` can take over 2^63 paths",
            Label(source.node_span, "the program runs, but its paths can't be profiled"),
            help="let some of its nodes be concrete: one function instead of many cases",
        )
        for loop, source in zip(plan.sources, graph.sources, strict=True)
        if loop.ways.total >= MOST_PATHS
    ]
