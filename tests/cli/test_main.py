import subprocess
import sys

import pytest

from flux.cli import COMMANDS

FLUX = [sys.executable, "-m", "flux.cli"]


def test_the_help_lists_all_commands(flux):
    result = flux("--help")
    assert result.exit_code == 0
    assert all(summary in result.stdout for summary in COMMANDS.values())


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_has_an_example_and_its_summary(flux, command):
    result = flux(command, "--help")
    assert result.exit_code == 0
    assert f"Example: flux {command}" in " ".join(result.stdout.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_option_is_a_mistake_of_usage(flux, command):
    result = flux(command, "--frobnicate")
    assert result.exit_code == 2
    assert "No such option" in result.stderr


def test_an_unknown_command_is_a_mistake_of_usage(flux):
    assert flux("frobnicate").exit_code == 2


def test_the_version_is_told(flux):
    assert flux("--version").stdout.startswith("flux 0.")


def test_the_help_needs_nothing_of_the_compiler():
    script = (
        "import sys; from flux.cli import main; main(['--help'], standalone_mode=False);"
        "print([name for name in sys.modules if name.startswith('flux.')])"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert result.stdout.decode().splitlines()[-1] == "['flux.version', 'flux.cli']"
