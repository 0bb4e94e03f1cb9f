"""Diagnostics for other programs: editors, scripts, and GitHub's pages."""

import json
from collections.abc import Sequence

from flux.diagnostics import Diagnostic, Label
from flux.render.characters import clean


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """A JSON list with everything that the diagnostics say."""
    return json.dumps([_as_object(diagnostic) for diagnostic in diagnostics], indent=2) + "\n"


def _as_object(diagnostic: Diagnostic) -> dict[str, object]:
    """One diagnostic, its primary label's place beside the rest."""
    return {
        "level": diagnostic.level,
        "code": diagnostic.code,
        "message": diagnostic.message,
        **_place(diagnostic.primary),
        "others": [_place(label) for label in diagnostic.others],
        "notes": diagnostic.notes,
        "help": diagnostic.help,
    }


def _place(label: Label) -> dict[str, object]:
    """A label: lines and columns are counted from 1, the end is the first character after."""
    file = label.span.file
    line, column = file.position(label.span.start)
    end_line, end_column = file.position(label.span.end)
    return {
        "file": file.name,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "label": label.text,
    }


def as_github(diagnostics: Sequence[Diagnostic]) -> str:
    """One workflow command a diagnostic: GitHub shows them beside the changed lines."""
    return "".join(f"{_as_command(diagnostic)}\n" for diagnostic in diagnostics)


def _as_command(diagnostic: Diagnostic) -> str:
    """`::error file=image.flux,line=21,col=21,title=arity::what is wrong`."""
    file = diagnostic.primary.span.file
    line, column = file.position(diagnostic.primary.span.start)
    said = [diagnostic.primary.text, *diagnostic.notes, diagnostic.help]
    lines = [diagnostic.message, *(line for text in said for line in text.splitlines())]
    message = "%0A".join(_escaped(clean(line)) for line in lines)
    title = f"title={diagnostic.code}"
    where = f"file={_as_property(file.name)},line={line},col={column}"
    return f"::{diagnostic.level} {where},{title}::{message}"


def _as_property(text: str) -> str:
    """A value that may stand among a command's properties."""
    return _escaped(clean(text)).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    """A line that may stand in a command's message."""
    return text.replace("%", "%25")
