"""A program whose nodes are functions of an unmodified library (examples/sql)."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[2] / "examples" / "sql" / "sql.flux"


pytestmark = [pytest.mark.usefixtures("flux_cache"), pytest.mark.timeout(400)]


@pytest.fixture(params=["thread", "pool", "event"])
def ask(request):
    """Run the program with a database and questions."""

    def run(*arguments):
        command = [sys.executable, "-m", "flux.cli", "run", PROGRAM, "--runtime", request.param]
        return subprocess.run(
            [*command, "--", *arguments], capture_output=True, text=True, check=False
        )

    return run


def test_functions_of_the_library_answer(ask):
    ran = ask(":memory:", "select 6 * 7", "values (1, 'a'), (2, null)")
    assert ran.returncode == 0
    assert sorted(ran.stdout.splitlines()) == ["1\ta", "2\t", "42"]


def test_what_the_library_refuses_goes_to_the_handler(ask):
    ran = ask(":memory:", "selec 1")
    assert ran.returncode == 0
    assert 'selec 1: near "selec": syntax error' in ran.stderr


def test_a_database_that_cannot_be_opened_keeps_the_server_from_starting(ask):
    ran = ask("/nowhere/at/all.db", "select 1")
    assert ran.returncode == 1
    assert "unable to open database file" in ran.stderr
