"""What `docs/simulate.md` shows is what `flux simulate` prints."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from flux.cli import main

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "simulate.md").read_text()
PROGRAM = ROOT / "examples" / "image" / "image.flux"
ASKED = ("--parameters", "image.toml", "--rate", "120", "--flows", "10000")
QUICKLY = ("--jobs", "1")  # processes take longer to begin than these runs

pytestmark = pytest.mark.usefixtures("flux_cache")


@pytest.fixture
def simulate(tmp_path, monkeypatch):
    """The command in a folder of its own, on a terminal as wide as the page."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    (tmp_path / PROGRAM.name).write_text(PROGRAM.read_text())
    return lambda *asked: CliRunner().invoke(main, ["simulate", PROGRAM.name, *asked]).stdout


@pytest.fixture
def parameters(simulate, tmp_path):
    """The template, edited as the page says."""
    text = simulate("--template").replace('cpu = "1ms"', 'cpu = "200us"')
    compress = 'Compress = {cpu = {exponential = "20ms"}'
    text = text.replace('Compress = {cpu = "200us"', compress)
    assert compress in text
    (tmp_path / "image.toml").write_text(text)


def shown(heading):
    """The first output under a heading."""
    return re.search(rf"^## {heading}$.*?^```\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)[1]


@pytest.mark.usefixtures("parameters")
def test_guide_shows_what_one_setting_comes_to(simulate):
    assert simulate(*ASKED, *QUICKLY) == shown("One setting")
