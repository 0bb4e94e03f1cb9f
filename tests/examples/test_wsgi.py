"""Flask's hello, by the program of the example, on every runtime."""

from pathlib import Path

import pytest
from image_client import POOL, serving

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler

PROGRAM = Path(__file__).resolve().parents[2] / "examples" / "wsgi" / "hello.flux"
RUNTIMES = {"thread": ("--runtime", "thread"), "pool": POOL, "event": ("--runtime", "event")}


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.usefixtures("fibers")
def test_flask_says_hello_on_every_runtime(runtime):
    with serving(None, runtime=RUNTIMES[runtime], program=PROGRAM) as server:
        with server.connect() as client:
            assert [client.ask("/").body for _ in range(3)] == [b"Hello, World!"] * 3
            assert client.ask("/", "HEAD").fields["content-length"] == "13"
            assert [client.ask("/nowhere").status, client.ask("/", "POST").status] == [404, 405]
        server.ask_to_stop()
        assert server.end() == 0
