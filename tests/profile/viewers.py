"""Other programs open our profiles: `make viewers` installs them and runs this."""

import base64
import re
import subprocess
from pathlib import Path

import pytest
from measured.image import image_profile
from measured.planted import FLOWS, command, numbers

from flux.profile.pprof import as_pprof
from flux.profile.ranking import MEASURES
from flux.profile.reading import read_profile
from flux.profile.speedscope import as_speedscope
from flux.profile.stacks import stacks

# The engine is compiled once for the servers in C++.
pytestmark = pytest.mark.timeout(400)

SPEEDSCOPE = Path("build/viewers/node_modules/speedscope").absolute()
PAGE = SPEEDSCOPE / "dist/release/index.html"
PATIENCE = 60  # seconds


@pytest.fixture
def told_by_go(tmp_path):
    """What `go tool pprof` prints about a profile."""

    def ask(profile, *options):
        file = tmp_path / "profile.pb.gz"
        file.write_bytes(as_pprof(profile, "time"))
        command = ["go", "tool", "pprof", *options, str(file)]
        return subprocess.check_output(command, text=True, stderr=subprocess.STDOUT)

    return ask


@pytest.fixture
def opened_by_speedscope(tmp_path):
    """The page of speedscope, once it has loaded a text as a profile."""

    def page(text):
        loading = tmp_path / "profile.js"
        encoded = base64.b64encode(text.encode()).decode()
        loading.write_text(f'speedscope.loadFileFromBase64("profile.json", "{encoded}")')
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


@pytest.fixture(scope="module", params=["python pool", "cpp pool", "cpp event"])
def measured(request, binary, tmp_path_factory):
    """What a server in either language has written of its flows."""
    return written(request.param, binary, tmp_path_factory.mktemp("measured"), numbers())


@pytest.fixture(scope="module", params=["python pool", "cpp event"])
def idle(request, binary, tmp_path_factory):
    """What a server has written that had no flow."""
    return written(request.param, binary, tmp_path_factory.mktemp("idle"), b"")


def written(kind, binary, folder, given):
    """The profile that a server of a kind writes when what it is given ends."""
    path = folder / "planted.profile.json"
    words = [*command(kind, binary), "--profile", f"--profile-file={path}"]
    subprocess.run(words, input=given, capture_output=True, timeout=PATIENCE, check=True)
    return read_profile(path.read_bytes(), str(path))


def words(page):
    return re.sub(r"<[^>]*>|\s+", " ", page)


@pytest.mark.parametrize("by", MEASURES)
def test_go_shows_each_measure(told_by_go, by):
    shown = told_by_go(image_profile(), "-top", f"-sample_index={by}")
    assert "File: image.flux\n" in shown
    assert f"Type: {by}\n" in shown


def test_go_has_the_same_total(told_by_go):
    calls = sum(stack.calls for stack in stacks(image_profile()))
    assert f"of {calls} total" in told_by_go(image_profile(), "-top", "-sample_index=count")


def test_go_draws_a_graph(told_by_go):
    assert "Compress" in told_by_go(image_profile(), "-svg", "-output=/dev/stdout")


def test_go_has_the_hot_spot_of_a_server_first(told_by_go, measured):
    shown = told_by_go(measured, "-top", "-sample_index=cpu")
    first = shown.split("cum%\n")[1].splitlines()[0]
    assert first.endswith(" Burn")


def test_go_has_all_calls_of_a_server(told_by_go, measured):
    calls = sum(stack.calls for stack in stacks(measured))
    assert calls >= FLOWS
    assert f"of {calls} total" in told_by_go(measured, "-top", "-sample_index=count")


def test_go_opens_the_profile_of_a_server_without_flows(told_by_go, idle):
    shown = told_by_go(idle, "-top")
    assert "File: planted.flux\n" in shown
    assert "0% of 0 total" in shown


@pytest.mark.parametrize("by", MEASURES)
def test_speedscope_opens_each_measure(opened_by_speedscope, by):
    page = opened_by_speedscope(as_speedscope(image_profile(), by))
    place = f"({MEASURES.index(by) + 1}/{len(MEASURES)})"
    assert "<title>image.flux - speedscope</title>" in page
    assert re.search(rf"\b{by} *{re.escape(place)}", words(page))


def test_speedscope_has_all_calls_of_a_server(opened_by_speedscope, measured):
    page = opened_by_speedscope(as_speedscope(measured, "count"))
    calls = sum(stack.calls for stack in stacks(measured))
    assert "<title>planted.flux - speedscope</title>" in page
    assert re.search(rf"\bcount +{calls:,}\b", words(page))


def test_speedscope_opens_the_profile_of_a_server_without_flows(opened_by_speedscope, idle):
    page = opened_by_speedscope(as_speedscope(idle, "time"))
    assert "<title>planted.flux - speedscope</title>" in page
    assert re.search(r"\btime +0\.00ns", words(page))
