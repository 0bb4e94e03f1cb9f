"""Diagnostics on the way to the person who made the mistakes."""

import os
import sys
from collections.abc import Sequence
from typing import IO, Any

import click

from flux.diagnostics import Diagnostic
from flux.render import as_text


class Mistakes(click.ClickException):
    """A program that can't be used, and why; it ends a command with 1."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("\n".join(diagnostic.message for diagnostic in diagnostics))
        self.diagnostics = diagnostics

    def show(self, file: IO[Any] | None = None) -> None:  # noqa: ARG002 -- click's signature
        """Print the diagnostics."""
        show(self.diagnostics)


def show(diagnostics: Sequence[Diagnostic]) -> None:
    """Print diagnostics for a person, in colour if that person sees colours."""
    click.echo(as_text(diagnostics, color=colors_are_wanted(sys.stderr)), err=True, nl=False)


def colors_are_wanted(stream: IO[str]) -> bool:
    """Whether a stream is a terminal, and nobody asked for none (https://no-color.org)."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not plain
