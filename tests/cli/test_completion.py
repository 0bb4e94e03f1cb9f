"""Completion, asked for as shells ask for it, by those shells that are there."""

import os
import shlex
import shutil
import subprocess
import sys

import pytest

from flux.cli.completion import SCRIPTS, SHELLS
from flux.cli.explain import _pages

# Each shell's way of saying what `flux completion` would offer behind some words; zsh and bash
# complete on terminals only, so what they would tell these is printed in its place.
ASKING = {
    "bash": """
        compopt() { :; }
        source {script}
        COMP_WORDS=({words}) COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
        _flux_completion flux
        printf '%s\\n' "${COMPREPLY[@]}"
    """,
    "zsh": """
        compdef() { :; }
        compset() { PREFIX=${PREFIX#*=}; }
        _describe() { print -l -- "${(@)described%%:*}"; }
        compadd() { print -l -- $plain; }
        _files() { [[ $1 == -g ]] && print -l -- $PREFIX*.flux; }
        source {script}
        words=({words}) CURRENT=$#words PREFIX=$words[-1]
        _flux_completion
    """,
    "fish": """
        source {script}
        complete --do-complete {line} | string split --fields 1 \\t
    """,
}

CASES = [
    (("ex",), {"explain"}),
    (("run", "im"), {"image.flux"}),
    (("check", "image.flux", "o"), {"other.flux"}),
    (("run", "image.flux", "--runtime", ""), {"thread", "pool", "event"}),
    (("run", "--target", "c"), {"cpp"}),
    (("explain", "type-m"), {"type-mismatch"}),
    (("run", "image.flux", "--dr"), {"--drain"}),
    (("run", "image.flux", "--trac"), {"--trace", "--trace-every"}),
    (("completion", ""), set(SHELLS)),
    (("graph", "--frobnicate", "nothing", "--f"), {"--format"}),
    (("run", "image.flux", "--threads", "1"), set()),
]


@pytest.fixture(params=SHELLS)
def shell(request):
    """A shell that is installed."""
    if not shutil.which(request.param):
        pytest.skip(f"{request.param} is not installed")
    return request.param


@pytest.fixture
def ask(shell, tmp_path):
    """What a shell offers to write in the place of the last of some words."""
    flux = tmp_path / "bin" / "flux"
    flux.parent.mkdir()
    flux.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m flux.cli "$@"\n')
    flux.chmod(0o755)
    for name in ("image.flux", "image.py", "other.flux"):
        (tmp_path / name).touch()

    def call(*words):
        quoted = " ".join(map(shlex.quote, ["flux", *words]))
        line = shlex.quote(" ".join(["flux", *words]))
        text = ASKING[shell].replace("{words}", quoted).replace("{line}", line)
        text = text.replace("{script}", shlex.quote(str(SCRIPTS / f"flux.{shell}")))
        done = subprocess.run(
            [shell, "-c", text],
            cwd=tmp_path,
            env={**os.environ, "PATH": f"{flux.parent}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        return set(done.stdout.split("\n")) - {""}

    return call


@pytest.mark.parametrize(("words", "offered"), CASES)
def test_a_shell_offers_what_may_stand_there(ask, words, offered):
    assert ask(*words) == offered


def test_folders_are_offered_for_the_programs_in_them(ask, tmp_path, shell):
    if shell == "zsh":
        pytest.skip("its own function looks at the folders")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "web.flux").touch()
    (tmp_path / "more" / "web.py").touch()
    assert {name.rstrip("/") for name in ask("run", "mo")} == {"more"}
    assert ask("run", "more/") == {"more/web.flux"}


def test_a_value_behind_an_equals_sign_is_completed(ask, shell):
    if shell == "bash":  # which takes the sign for a word
        assert ask("run", "--runtime", "=", "po") == {"pool"}
        assert ask("run", "--runtime", "=") == {"thread", "pool", "event"}
    else:
        assert ask("run", "--runtime=po") in ({"pool"}, {"--runtime=pool"})


def test_every_kind_of_mistake_can_be_completed(ask):
    assert ask("explain", "") == set(_pages())


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_is_printed(flux, shell):
    result = flux("completion", shell)
    assert result.exit_code == 0
    assert f"_FLUX_COMPLETE={shell}_complete" in result.stdout


def test_an_unknown_shell_is_a_mistake_of_usage(flux):
    result = flux("completion", "tcsh")
    assert result.exit_code == 2
    assert "'bash', 'zsh', 'fish'" in result.stderr


def test_the_help_says_where_to_install_it(flux):
    told = flux("completion", "--help").stdout
    assert all(file in told for file in ("~/.bashrc", "~/.zshrc", "completions/flux.fish"))


def test_names_of_commands_are_completed_without_loading_them():
    script = (
        "import sys; from flux.cli import main\n"
        "try: main(prog_name='flux')\n"
        "except SystemExit: pass\n"
        "print([name for name in sys.modules if name.startswith('flux.')])"
    )
    asked = {"_FLUX_COMPLETE": "bash_complete", "COMP_WORDS": "flux\nex", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, **asked}, capture_output=True, check=True
    )
    assert done.stdout.decode().splitlines() == ["plain,explain", "['flux.version', 'flux.cli']"]
