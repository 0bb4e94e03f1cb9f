"""The web server under slow attacks: `make attacks` installs what makes them, and runs this.

A thousand clients at a time keep the server waiting, as slowhttptest knows to. Whoever asks
properly meanwhile is answered, and in time.
"""

import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from conftest import WEB
from image_client import serving

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler

CLIENTS = 1000
SECONDS = 15
LONGEST = 5.0  # seconds for a proper answer; the machine may be busy with the attack itself
POOL = ("--runtime", "pool", "--threads", "16")
WAITING = ("--waiting", "12")
CARRIERS = {
    "python pool": ("python", POOL, WAITING),
    "python event": ("python", ("--runtime", "event"), ()),
    "python thread": ("python", ("--runtime", "thread"), ()),
    "cpp pool": ("cpp", POOL, WAITING),
    "cpp event": ("cpp", ("--runtime", "event"), ()),
    "cpp thread": ("cpp", ("--runtime", "thread"), ()),
}
ATTACKS = {
    "slow headers": ("-H", "/page.html", "-i", "2", "-x", "20"),
    "slow bodies": ("-B", "/page.html", "-i", "2", "-s", "100000", "-x", "20"),
    "slow reading": (
        "-X",
        "/large.bin",
        "-w",
        "500",
        "-y",
        "1000",
        "-n",
        "2",
        "-z",
        "30",
        "-k",
        "3",
    ),
    "many ranges": ("-R", "/large.bin", "-a", "10", "-b", "3000", "-t", "GET"),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("attacked")
    (folder / "page.html").write_text("page")
    (folder / "large.bin").write_bytes(bytes(5_000_000))
    return folder


@pytest.fixture(scope="module", params=CARRIERS)
def server(request, root, web_languages, fibers):  # noqa: ARG001 - both ready
    target, runtime, options = CARRIERS[request.param]
    with serving(root, *options, target=target, runtime=runtime, program=WEB) as server:
        yield server


@contextmanager
def asking(server):
    """A proper client that asks again and again; what it sees, how long each answer takes."""
    spans = []
    is_over = threading.Event()

    def ask():
        while not is_over.wait(0.05):
            began = time.monotonic()
            assert server.ask("/page.html").body == b"page"
            spans.append(time.monotonic() - began)

    with ThreadPoolExecutor() as thread:
        asked = thread.submit(ask)
        try:
            yield spans
        finally:
            is_over.set()
        asked.result()


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_proper_client_is_answered_while_a_thousand_others_are_slow(server, attack, capsys):
    mode, path, *options = ATTACKS[attack]
    command = ["slowhttptest", "-c", str(CLIENTS), "-r", "500", "-l", str(SECONDS), "-p", "5"]
    url = f"http://127.0.0.1:{server.port}{path}"
    with asking(server) as spans:
        ran = subprocess.run(
            [*command, mode, "-u", url, *options], capture_output=True, text=True, check=False
        )
    told = re.findall(r"service available:[^YN]*(YES|NO)", ran.stdout)
    with capsys.disabled():
        sys.stderr.write(f"\n{len(spans)} answers, the longest in {max(spans):.2f} s\n")
    assert told
    assert "NO" not in told
    assert max(spans) < LONGEST
    assert len(spans) > SECONDS / LONGEST
