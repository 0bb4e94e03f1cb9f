"""`flux explain`."""

import difflib
from pathlib import Path

import click

from flux.cli.files import deliver
from flux.cli.resources import folder


def _codes(_context: click.Context, _argument: click.Parameter, begun: str) -> list[str]:
    """The codes that begin so."""
    return sorted(code for code in _pages() if code.startswith(begun.lower()))


@click.command(epilog="Example: flux explain type-mismatch")
@click.argument("code", required=False, shell_complete=_codes)
def explain(code: str | None) -> None:
    """Explain the kind of mistake that CODE stands for, or list all kinds."""
    pages = _pages()
    deliver(_contents(pages) if code is None else _text_of(pages, code), None)


def _pages() -> dict[str, Path]:
    """The page of each code."""
    return {page.stem: page for page in sorted(folder("docs/errors").glob("*.md"))}


def _text_of(pages: dict[str, Path], code: str) -> str:
    """The page of a code, whatever its case and its brackets."""
    wanted = code.strip("[]").lower()
    if wanted not in pages:
        raise click.UsageError(f"no mistake is called {code!r}{_suggestion(pages, wanted)}")
    return pages[wanted].read_text(encoding="utf-8")


def _suggestion(pages: dict[str, Path], code: str) -> str:
    """The code that was meant, if one looks like it."""
    nearest = difflib.get_close_matches(code, pages, n=1)
    hint = f"; did you mean {nearest[0]}?" if nearest else ""
    return f"{hint}\n`flux explain` lists them all."


def _contents(pages: dict[str, Path]) -> str:
    """All codes, each with the first line of its page."""
    width = max(map(len, pages), default=0)
    return "".join(f"{code:{width}}  {_first_line(page)}\n" for code, page in pages.items())


def _first_line(page: Path) -> str:
    """The first line of a page below its heading."""
    lines = page.read_text(encoding="utf-8").splitlines()
    return next((line for line in lines if line and not line.startswith("#")), "")
