"""Diagnostics as a person reads them, in a terminal or in a log."""

from collections.abc import Iterable, Sequence

from flux.diagnostics import Diagnostic, Level
from flux.render.characters import clean
from flux.render.excerpt import Mark, excerpt, marks_of
from flux.render.paint import Paint, Style, colored, plain
from flux.source import SourceFile

# More mistakes than anybody reads in one go are counted, not printed.
MOST = 100

LEVEL_STYLES = {Level.ERROR: Style.ERROR, Level.WARNING: Style.WARNING}


def as_text(diagnostics: Sequence[Diagnostic], *, color: bool = False) -> str:
    """Each diagnostic with the lines it is about, and how many there are at the end."""
    if not diagnostics:
        return ""
    paint = colored if color else plain
    parts = [_described(diagnostic, paint) for diagnostic in diagnostics[:MOST]]
    if len(diagnostics) > MOST:
        parts.append(f"... and {len(diagnostics) - MOST} more")
    parts.append(paint(_summary(diagnostics), Style.BOLD))
    return "\n\n".join(parts) + "\n"


def _summary(diagnostics: Iterable[Diagnostic]) -> str:
    """How many there are of each level: `2 errors, 1 warning`."""
    levels = [diagnostic.level for diagnostic in diagnostics]
    counts = [(levels.count(level), level) for level in Level]
    return ", ".join(f"{n} {level}{'s' if n > 1 else ''}" for n, level in counts if n)


def _described(diagnostic: Diagnostic, paint: Paint) -> str:
    """One diagnostic: what is wrong, where, and what to do."""
    marks = _marks_by_file(diagnostic)
    gutter = max(len(str(mark.line)) for of_file in marks.values() for mark in of_file)
    lines = [_headline(diagnostic, paint)]
    for file, of_file in marks.items():
        lines.append(_place(diagnostic, file, gutter, paint))
        lines.extend(excerpt(file, of_file, gutter, paint))
    advice = list(_remarks(diagnostic, paint))
    if advice:
        lines.append(paint(f"{'':{gutter}} |", Style.FRAME))
    return "\n".join(lines + advice)


def _headline(diagnostic: Diagnostic, paint: Paint) -> str:
    """`error[code]: message`."""
    level = paint(f"{diagnostic.level}[{diagnostic.code}]", LEVEL_STYLES[diagnostic.level])
    return level + paint(f": {clean(diagnostic.message)}", Style.BOLD)


def _marks_by_file(diagnostic: Diagnostic) -> dict[SourceFile, list[Mark]]:
    """The marks in each file that the labels point to, those of the primary label first."""
    primary = diagnostic.primary
    marks = {primary.span.file: marks_of(primary, "^", LEVEL_STYLES[diagnostic.level])}
    for label in diagnostic.others:
        marks.setdefault(label.span.file, []).extend(marks_of(label, "-", Style.OTHER))
    return marks


def _place(diagnostic: Diagnostic, file: SourceFile, gutter: int, paint: Paint) -> str:
    """`--> image.flux:21:21`: the first place in a file that a diagnostic points to."""
    labels = (diagnostic.primary, *diagnostic.others)
    span = next(label.span for label in labels if label.span.file is file)
    arrow = "-->" if file is diagnostic.primary.span.file else ":::"
    return paint(" " * gutter + arrow, Style.FRAME) + f" {clean(str(span))}"


def _remarks(diagnostic: Diagnostic, paint: Paint) -> Iterable[str]:
    """The notes and the help below the lines."""
    for note in diagnostic.notes:
        yield _remark("note", note, Style.BOLD, paint)
    if diagnostic.help:
        yield _remark("help", diagnostic.help, Style.HELP, paint)


def _remark(title: str, text: str, style: Style, paint: Paint) -> str:
    """A remark of one line or more, each of them under the first."""
    first, *more = map(clean, text.splitlines() or [""])
    indent = " " * len(f"{title}: ")
    return "\n".join([f"{paint(title, style)}: {first}", *(indent + line for line in more)])
