"""`flux graph --profile`: a right profile is shown, any other file refused in a sentence."""

import msgspec
import pytest
from pictures.profiles import made_up

from flux.driver import compile_program
from flux.source import SourceFile


@pytest.fixture
def measured(program):
    """The profile of 7 flows of the program, as a dictionary."""
    source = SourceFile(program.name, program.read_text(encoding="utf-8"))
    profile = made_up(compile_program(source).plan, {("ReadLine", 0): 7})
    return msgspec.to_builtins(profile)


@pytest.fixture
def drawn(flux, program, tmp_path):
    """Draws the program with some JSON for its profile."""

    def draw(profile, form="svg"):
        data = profile if isinstance(profile, bytes) else msgspec.json.encode(profile)
        (tmp_path / "lines.profile.json").write_bytes(data)
        return flux("graph", program, "--format", form, "--profile", "lines.profile.json")

    return draw


def test_a_profile_is_shown_in_the_picture(drawn, measured):
    result = drawn(measured)
    assert result.exit_code == 0
    assert "100 % · 1.0 ms" in result.stdout
    assert result.stderr == ""


def test_a_profile_is_shown_by_graphviz(drawn, measured):
    assert 'label="Show\\n100 % · 1.0 ms"' in drawn(measured, "dot").stdout


def test_mermaid_has_no_profiles(drawn, measured):
    result = drawn(measured, "mermaid")
    assert result.exit_code == 2
    assert "Mermaid shows no profiles; --format svg and --format dot do" in result.stderr


def test_the_profile_of_another_program_is_refused(drawn, measured):
    result = drawn(measured | {"fingerprint": "sha256:0", "program": "other\x1b.flux"})
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "Error: lines.profile.json is the profile of another program, 'other␛.flux' or another"
        " version of it; take one of lines.flux as it is now\n"
    )


def test_a_profile_that_does_not_name_its_program_is_shown_with_a_warning(drawn, measured):
    result = drawn(measured | {"fingerprint": None})
    assert "100 % · 1.0 ms" in result.stdout
    assert result.stderr == (
        "warning: lines.profile.json doesn't say of which program it is; what fits lines.flux is"
        " shown\n"
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": "flux-plan"}, "its format isn't 'flux-profile'; `flux run --profile` and"),
        ({"version": 2}, "a profile of version 2, and this Flux reads version 1: update Flux"),
        ({"elapsed": -1}, "is damaged at elapsed: expected `int` >= 0"),
        ({"elapsed": 2**63}, "is damaged at elapsed: expected `int` <= "),
        ({"nodes": 3}, "is damaged at nodes: expected `array`, got `int`"),
    ],
)
def test_what_is_no_profile_is_refused(drawn, measured, changes, message):
    result = drawn(measured | changes)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: lines.profile.json is ")
    assert message in result.stderr


@pytest.mark.parametrize("data", [b"", b"\xff", b"[" * 100_000, b"digraph {}"])
def test_rubbish_is_no_profile(drawn, data):
    result = drawn(data)
    assert result.exit_code == 2
    assert "lines.profile.json is no profile: " in result.stderr


def test_a_profile_that_is_not_there_is_a_mistake_of_usage(flux, program):
    assert flux("graph", program, "--format", "svg", "--profile", "no.json").exit_code == 2


def test_where_nobody_tells_a_profile_is_said_so(flux, program):
    result = flux("graph", program, "--format", "svg", "--profile", "127.0.0.1:1")
    assert result.exit_code == 2
    assert "127.0.0.1:1" in result.stderr
