from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flux.cli import main


@pytest.fixture
def flux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command line, in an empty folder; an exception that gets out fails the test."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path, stdin: bytes = b"") -> Result:
        words = [str(argument) for argument in arguments]
        return CliRunner().invoke(main, words, input=stdin, catch_exceptions=False)

    return call


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A small program without mistakes."""
    path = tmp_path / "lines.flux"
    path.write_text(
        "ReadLine () -> (str line);\n"
        "Show (str line) -> ();\n"
        "source ReadLine => Line;\n"
        "Line = Show;\n",
        encoding="utf-8",
    )
    return path
