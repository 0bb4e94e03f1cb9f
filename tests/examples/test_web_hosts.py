"""The web server by a file of settings: hosts, index files, media types, and what is no file."""

import re
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest
from conftest import WEB
from image_client import POOL, serving

from settings import parse_settings

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler

FILE = """
root = "default"
indexes = ["start.html", "index.html"]
largest = 100

[types]
avif = "image/avif"
html = "application/xhtml+xml"

[hosts."example.org"]
root = "example"
aliases = ["WWW.example.org", "[::1]"]

[hosts."other.example"]
root = "other"
indexes = ["index.html"]
"""
NAMED = {"": "default", "h": "default", "example.org.evil": "default", "org": "default"}
NAMED |= {"example.org": "example", "EXAMPLE.org:80": "example", "example.org.": "example"}
NAMED |= {"www.example.org": "example", "[::1]:8080": "example", "other.example": "other"}
WRONG = {
    "port = 1\nroot = \nphp = 1": r"\(at line 2, column 8\)",
    "[hosts\n": r"\(at line 1, column 7\)",
    "[$]\n": r"\(at line 1, column 2\)",
    "port\ufef7 = 1\n": r"\(at line 1, column 5\)",
    'prot = "x"': r"there is no `prot`; there are access-log, .*, port, requests, root, .*, types",
    'config = "x"': r"there is no `config`; there are ",
    "port = 70000": r"argument --port: 70000 is above 65535",
    'port = "x"': r"argument --port: 'x' is no .*number",
    'timeout = "x"': r"argument --timeout: x is no span of time|'x' is no number",
    'access-log = "nowhere/log"': r"argument --access-log: there is no folder .*/nowhere",
    'access-log = "default"': r"argument --access-log: .*/default is a folder: name a file in it",
    "cgi-timeout = 1e300": r"argument --cgi-timeout: 1e\+300 is no span of time",
    "port = true": r"`port` must be a text or a number",
    "port = [1]": r"`port` must be a text or a number",
    "root = 5": r"`root` must be a text\n",
    "log-format = [1]": r"`log-format` must be a text\n",
    'root = "nowhere"': r"argument --root: there is no folder .*/nowhere",
    'indexes = "index.html"': r"`indexes` must be a list of texts",
    "indexes = [1]": r"`indexes` must be a list of texts",
    'types = "mime.types"': r"`types` must be a table",
    '[types]\n".avif" = "image/avif"': r'`types."\.avif"`: write an ending in small letters',
    '[types]\navif = "image"': r"`types\.avif` must be a media type such as image/avif",
    "[types]\navif = 1": r"`types\.avif` must be a media type such as image/avif",
    "[hosts]\na = 1": r'`hosts\."a"` must be a table',
    "[hosts.a]": r'`hosts\."a"\.root` must be there, and name a folder',
    '[hosts.a]\nroot = "nowhere"': r'`hosts\."a"\.root`: there is no folder .*/nowhere',
    '[hosts.a]\nroot = "other"\nrot = 1': r'no `hosts\."a"\.rot`; there are aliases, .*, root',
    '[hosts.a]\nroot = "other"\nkey = "web.toml"': r'"a"`: name both `certificate` and `key`,',
    '[hosts.a]\nroot = "other"\ncertificate = 1\nkey = "x"': r'"a"\.certificate` must name a file',
    '[hosts.a]\nroot = "other"\ncertificate = "x"\nkey = "x"': r"e`: there is no file .*/x",
    '[hosts.a]\nroot = "other"\ncertificate = "web.toml"\nkey = "web.toml"': (
        r"a has a certificate, and other hosts have none: name theirs by --certificate and --key"
    ),
    '[hosts."a:80"]\nroot = "other"': r"`a:80` is no name of a host; one has no port",
    '[hosts.a]\nroot = "other"\naliases = ["A"]': r"`hosts`: a is there twice; name each host once",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a file of settings, beside what it tells of."""
    folder = tmp_path_factory.mktemp("hosts")
    for name in ("default", "example", "other"):
        (folder / name).mkdir()
        (folder / name / "index.html").write_text(f"index of {name}")
    (folder / "default" / "start.html").write_text("start of default")
    (folder / "default" / "picture.avif").write_bytes(b"picture")
    (folder / "web.toml").write_text(FILE)
    return folder


@pytest.fixture(scope="module")
def servers(place, web_languages):
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                serving(None, "--config", place / "web.toml", target=target, program=WEB)
            )
            for target in web_languages
        ]


@pytest.mark.parametrize(("host", "folder"), NAMED.items())
def test_each_host_has_the_files_of_its_own_folder(servers, host, folder):
    for server in servers:
        with server.connect() as client:
            client.send(b"GET /index.html HTTP/1.1\r\nHost: %s\r\n\r\n" % host.encode())
            assert client.reply().body == f"index of {folder}".encode()


def test_the_host_of_a_whole_target_counts_more_than_the_field(servers):
    for server in servers:
        with server.connect() as client:
            client.send(b"GET http://Other.Example:1/?a HTTP/1.1\r\nHost: example.org\r\n\r\n")
            assert client.reply().body == b"index of other"


def test_a_host_may_have_index_files_of_its_own(servers):
    for server in servers:
        with server.connect() as client:
            client.send(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            assert client.reply().body == b"start of default"
            client.send(b"GET / HTTP/1.1\r\nHost: other.example\r\n\r\n")
            assert client.reply().body == b"index of other"


def test_media_types_of_the_file_are_stronger_than_the_usual_ones(servers):
    for server in servers:
        assert server.ask("/picture.avif").fields["content-type"] == "image/avif"
        assert server.ask("/start.html").fields["content-type"] == "application/xhtml+xml"
        assert server.ask("/").fields["content-type"] == "application/xhtml+xml"


@pytest.fixture(params=["python", "cpp"])
def refused(request, servers, capsys):
    """What a program says that ends because of its file."""
    compiled = Path(f"/proc/{servers[-1].process.pid}/exe").resolve()

    def run(path):
        if request.param == "python":
            with pytest.raises(SystemExit, match="2"):
                parse_settings(["--config", str(path)])
            return capsys.readouterr().err
        command = [compiled, "--", "--config", path]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert (ran.returncode, ran.stdout) == (2, "")
        return ran.stderr

    return run


@pytest.mark.parametrize(("text", "told"), WRONG.items())
def test_a_wrong_file_ends_the_program_with_place_and_remedy(place, refused, text, told):
    path = place / "wrong.toml"
    path.write_text(text)
    assert re.search(rf"web\.flux: error: {re.escape(str(path))}: .*{told}", refused(path))


@pytest.mark.parametrize("target", ["python", "cpp"])
@pytest.mark.usefixtures("web_languages")
def test_words_are_stronger_than_the_file(place, target):
    options = ("--config", str(place / "web.toml"), "--root", str(place / "example"))
    with serving(None, *options, target=target, runtime=POOL, program=WEB) as server:
        assert server.ask("/index.html").body == b"index of example"
