"""Names of a program that Python can't keep apart, or can't bear."""

from collections.abc import Iterator
from keyword import iskeyword

from flux.bindings.needs import Need, needs
from flux.diagnostics import Code, Diagnostic, Label
from flux.graph.model import ProgramGraph
from flux.runtime.nodes import spellings

HOOKS = {"init": "runs before the sources", "shutdown": "runs after the last flow"}


def check_names(graph: ProgramGraph) -> tuple[Diagnostic, ...]:
    """Every name that Python reserves, and every two names that would find one function."""
    by_name = {need.name: need for need in reversed(needs(graph))}
    wanted = sorted(by_name.values(), key=lambda need: need.span.start)
    return (*_reserved(wanted), *_hooks(wanted), *_clashes(wanted))


def _reserved(wanted: list[Need]) -> Iterator[Diagnostic]:
    for need in wanted:
        if iskeyword(need.name):
            yield Diagnostic(
                Code.RESERVED_NAME,
                f"no function can be called `{need.name}` in Python",
                Label(need.span, "a keyword of Python"),
                help=f"call the {need.role} something else",
            )


def _hooks(wanted: list[Need]) -> Iterator[Diagnostic]:
    for need in wanted:
        for hook in HOOKS.keys() & set(spellings(need.name)):
            yield Diagnostic(
                Code.NAME_CLASH,
                f"`{need.name}` would be the function `{hook}`, which {HOOKS[hook]}",
                Label(need.span, "has the name of a hook"),
                help=f"call the {need.role} something else",
            )


def _clashes(wanted: list[Need]) -> Iterator[Diagnostic]:
    first: dict[str, Need] = {}
    for need in wanted:
        symbol = spellings(need.name)[-1]
        other = first.setdefault(symbol, need)
        if other is not need:
            yield Diagnostic(
                Code.NAME_CLASH,
                f"`{other.name}` and `{need.name}` would be one function, `{symbol}`",
                Label(need.span, "the second"),
                (Label(other.span, "the first"),),
                help="rename one of them",
            )
