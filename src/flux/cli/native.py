"""Programs in C++: the files that bear them, and the recipes by which they become servers."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import click

from flux.backends.cpp import CppBackend
from flux.backends.cpp.header import Surroundings
from flux.bindings.cpp import CppNodes, Linkage, find_nodes_files
from flux.bindings.needs import needs
from flux.graph.model import ProgramGraph
from flux.plan.model import Plan
from flux.toolchain.manifest import Flags
from flux.toolchain.process import BuildError
from flux.toolchain.recipe import NodesFile, Recipe


class FailedBuild(click.ClickException):
    """A server that couldn't be built: what a compiler said, and what that means."""

    def __init__(self, error: BuildError) -> None:
        super().__init__(str(error))
        self.output = error.output

    def show(self, file: IO[Any] | None = None) -> None:
        """Print what the compiler said as it said it, and a line of ours."""
        click.echo(self.output, err=True, nl=False)
        super().show(file)


def nodes_files(program: Path, nodes: Sequence[Path]) -> Sequence[Path]:
    """The files that were named, else those beside the program, else the one that should be."""
    return nodes or find_nodes_files(program) or [program.with_suffix(".cpp")]


def recipe_of(graph: ProgramGraph, plan: Plan, nodes: CppNodes, flags: Flags) -> Recipe:
    """What goes into the server of a program that has no errors."""
    asked = nodes.directives
    return Recipe(
        name=Path(plan.name).stem,
        generated=CppBackend(around=_surroundings(graph, nodes)).generate(plan).files,
        nodes=tuple(_nodes_file(graph, nodes, file) for file in nodes.files),
        folder=Path(absolute(nodes.files[0])).parent,
        flags=flags._replace(
            cxxflags=(*asked.cxxflags, *flags.cxxflags),
            ldflags=(*asked.ldflags, *flags.ldflags, *(f"-l{name}" for name in asked.libs)),
        ),
    )


def _surroundings(graph: ProgramGraph, nodes: CppNodes) -> Surroundings:
    """What the program's header declares as C, and what it need not declare.

    Functions of headers that were not read are declared there: those of a library, say.
    """
    elsewhere = {need.name for need in needs(graph) if need.name not in nodes.functions}
    return Surroundings(
        headers=nodes.directives.headers,
        blocking=frozenset(nodes.directives.blocking),
        c_functions=nodes.c_functions,
        declared=nodes.system | (elsewhere if nodes.is_open else frozenset()),
    )


def _nodes_file(graph: ProgramGraph, nodes: CppNodes, file: Path) -> NodesFile:
    return NodesFile(Path(absolute(file)), tuple(_checked(graph, nodes, file)))


def _checked(graph: ProgramGraph, nodes: CppNodes, file: Path) -> Iterator[str]:
    """The functions in a file that have one signature: a predicate of two types has two."""
    uses = [need.name for need in needs(graph)]
    for name in uses:
        for function in nodes.defined(name):
            here = function.span.file.name == str(file) and function.linkage is Linkage.CPP
            if here and uses.count(name) == 1:
                yield name
                break


def absolute(path: Path) -> str:
    """A path for compilers, which run elsewhere; links are left alone, `..` is not."""
    return os.path.abspath(path)  # noqa: PTH100 - pathlib has no such function
