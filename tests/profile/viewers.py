"""Other programs open our profiles: `make viewers` installs them and runs this."""

import base64
import re
import subprocess
from pathlib import Path

import pytest
from measured.image import image_profile

from flux.profile.pprof import as_pprof
from flux.profile.ranking import MEASURES
from flux.profile.speedscope import as_speedscope
from flux.profile.stacks import stacks

SPEEDSCOPE = Path("build/viewers/node_modules/speedscope").absolute()
PAGE = SPEEDSCOPE / "dist/release/index.html"
PATIENCE = 60  # seconds


@pytest.fixture
def told_by_go(tmp_path):
    """What `go tool pprof` prints about a profile of the image server."""
    file = tmp_path / "image.pb.gz"
    file.write_bytes(as_pprof(image_profile(), "time"))

    def ask(*options):
        command = ["go", "tool", "pprof", *options, str(file)]
        return subprocess.check_output(command, text=True, stderr=subprocess.STDOUT)

    return ask


@pytest.fixture
def opened_by_speedscope(tmp_path):
    """The page of speedscope, once it has loaded a text as a profile."""

    def page(text):
        loading = tmp_path / "image.js"
        encoded = base64.b64encode(text.encode()).decode()
        loading.write_text(f'speedscope.loadFileFromBase64("image.json", "{encoded}")')
        return subprocess.check_output(
            [
                *("chromium", "--headless=new", "--no-sandbox", "--disable-gpu"),
                *(f"--user-data-dir={tmp_path / 'browser'}", "--virtual-time-budget=4000"),
                *("--dump-dom", f"{PAGE.as_uri()}#localProfilePath={loading}"),
            ],
            text=True,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
        )

    return page


@pytest.mark.parametrize("by", MEASURES)
def test_go_shows_each_measure(told_by_go, by):
    shown = told_by_go("-top", f"-sample_index={by}")
    assert "File: image.flux\n" in shown
    assert f"Type: {by}\n" in shown


def test_go_has_the_same_total(told_by_go):
    calls = sum(stack.calls for stack in stacks(image_profile()))
    assert f"of {calls} total" in told_by_go("-top", "-sample_index=count")


def test_go_draws_a_graph(told_by_go):
    assert "Compress" in told_by_go("-svg", "-output=/dev/stdout")


@pytest.mark.parametrize("by", MEASURES)
def test_speedscope_opens_each_measure(opened_by_speedscope, by):
    page = opened_by_speedscope(as_speedscope(image_profile(), by))
    place = f"({MEASURES.index(by) + 1}/{len(MEASURES)})"
    words = re.sub(r"<[^>]*>|\s+", " ", page)
    assert "<title>image.flux - speedscope</title>" in page
    assert re.search(rf"\b{by} *{re.escape(place)}", words)
