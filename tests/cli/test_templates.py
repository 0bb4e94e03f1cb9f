"""Each new project is right, and runs at once."""

import http.client
import subprocess
import sys

import pytest
from processes import started

from flux.cli.new import TEMPLATES

FLUX = [sys.executable, "-m", "flux.cli"]


@pytest.fixture
def web(flux, tmp_path):
    """A running server of the template: the process, and a connection to it."""
    flux("new", "web", "project")
    command = [*FLUX, "run", "server.flux", "--", "--port", "0"]
    with started(
        command,
        cwd=tmp_path / "project",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        address = process.stdout.readline().rpartition("/")[2]
        client = http.client.HTTPConnection(address.strip(), timeout=30)
        yield process, client
        client.close()


def answer(client, method, path):
    client.request(method, path)
    response = client.getresponse()
    return response.status, response.read().decode()


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_new_project_has_no_mistakes(flux, template):
    program = flux("new", template, "project").stdout.split()[-1]
    assert flux("check", "--werror", f"project/{program}").output == ""


@pytest.mark.parametrize("template", ["web", "empty"])
def test_a_new_project_has_the_right_form(flux, template):
    program = flux("new", template, "project").stdout.split()[-1]
    assert flux("fmt", "--check", f"project/{program}").output == ""


def test_the_web_server_counts_visits(web):
    _, client = web
    assert answer(client, "GET", "/") == (200, "Hello, world! Visit 1.\n")
    assert answer(client, "GET", "/") == (200, "Hello, world! Visit 2.\n")
    assert answer(client, "GET", "/flux")[1].endswith("Visit 1.\n")
    assert answer(client, "GET", "/visits") == (200, "     2  /\n     1  /flux\n")


def test_the_web_server_knows_what_it_lacks(web):
    _, client = web
    assert answer(client, "GET", "/nowhere") == (404, "There is no such page.\n")
    assert answer(client, "HEAD", "/") == (200, "")
    assert answer(client, "POST", "/")[0] == 405


def test_the_web_server_stops_when_it_is_told_to(web):
    process, _ = web
    process.terminate()
    assert process.wait() == 0


def test_the_smallest_program_counts_words(flux, tmp_path):
    flux("new", "empty", "project")
    result = subprocess.run(
        [*FLUX, "run", "program.flux"],
        input="one\n\none two three\n",
        capture_output=True,
        cwd=tmp_path / "project",
        text=True,
        check=True,
    )
    assert sorted(result.stdout.splitlines()) == ["   0  ", "   1  one", "   3  one two three"]
