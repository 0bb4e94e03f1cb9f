"""Building a server in the cache, for `flux run`."""

from pathlib import Path

import click

from flux.bindings.cpp import bind
from flux.bindings.cpp.directives import SUFFIXES
from flux.cli.files import clear_errors, read
from flux.cli.mistakes import Mistakes
from flux.cli.native import FailedBuild, absolute, nodes_files, recipe_of
from flux.diagnostics import Level
from flux.driver import compile_program
from flux.render import as_text
from flux.toolchain.cache import Cache
from flux.toolchain.manifest import Manifest, Order, as_json, recall
from flux.toolchain.process import BuildError
from flux.toolchain.program import build_program
from flux.toolchain.recipe import Recipe
from flux.toolchain.stamps import stamps


def build_in_cache(order: Order, cache: Cache) -> Manifest:
    """The manifest of a server that is built now, unless somebody else has just built it."""
    with clear_errors(), cache.locked(order.key):
        manifest = recall(cache.entry("manifests", order.key))
        if manifest is None:
            manifest = _build(order, cache)
            cache.write("manifests", order.key, as_json(manifest))
            cache.trim()
    return manifest


def _build(order: Order, cache: Cache) -> Manifest:
    files = stamps([absolute(order.program)])
    recipe, warnings = _recipe(order)
    try:
        binary, more = build_program(recipe, order.key, order.compilers, cache, _tell)
    except BuildError as error:
        raise FailedBuild(error) from None
    absent = () if order.nodes else _others(order.program)
    return Manifest(str(binary), files | more, absent, warnings)


def _recipe(order: Order) -> tuple[Recipe, str]:
    """The recipe of a program without errors, and its warnings."""
    compilation = compile_program(read(order.program))
    if compilation.plan is None:
        raise Mistakes(compilation.diagnostics)
    nodes = bind(compilation.graph, nodes_files(order.program, order.nodes))
    found = [*compilation.diagnostics, *nodes.diagnostics]
    if any(diagnostic.level is Level.ERROR for diagnostic in found):
        raise Mistakes(found)
    return recipe_of(compilation.graph, compilation.plan, nodes, order.flags), as_text(found)


def _others(program: Path) -> tuple[str, ...]:
    """The files beside a program that would also be its nodes', if they were there."""
    beside = (program.with_suffix(suffix) for suffix in SUFFIXES)
    return tuple(absolute(file) for file in beside if not file.exists())


def _tell(line: str) -> None:
    click.echo(line, err=True)
