"""Files of the user's that can't be read as text."""

from pathlib import Path

from flux.diagnostics import Code, Diagnostic, Label
from flux.source import SourceFile, Span


def not_text(path: Path, error: UnicodeDecodeError) -> Diagnostic:
    """What is to be said of a file that is no UTF-8, shown at the first wrong byte."""
    before = error.object[: error.start].decode("utf-8-sig")
    file = SourceFile(str(path), before + error.object[error.start :].decode(errors="replace"))
    return Diagnostic(
        Code.NODES_FILE,
        f"`{path.name}` is no UTF-8 text",
        Label(Span(file, len(before), len(before) + 1), f"byte {error.start} begins no character"),
        help="save the file as UTF-8",
    )
