"""The servers, each alone on its processor: the program of Flux, and its peers.

Each of them is one process that serves, with one thread where it lets one choose.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path

from measuring.builds import FLUX
from measuring.processes import Command, Served, printed_port, serving, told_its_port

from serving.environment import BIN

OURS = "Flux, event"
UVICORN = "uvicorn"
GEVENT = "gevent, raw loop"
SOCKETIFY = "socketify"

_PROGRAM = Path(__file__).parent / "reply" / "reply.flux"
_PEERS = Path(__file__).parent / "peers"


@contextmanager
def _flux(runtime: str) -> Iterator[Served]:
    with serving([FLUX, "run", _PROGRAM, "--runtime", runtime], printed_port) as server:
        yield server


def _script(name: str, port: str) -> Command:
    return [BIN / "python", _PEERS / name, port]


def _uvicorn(port: str) -> Command:
    options = ("--loop", "uvloop", "--http", "httptools", "--lifespan", "off", "--no-access-log")
    where = ("--app-dir", _PEERS, "--port", port, "--backlog", "4096", "--log-level", "warning")
    return [BIN / "uvicorn", "by_asgi:app", *options, *where]


def _gunicorn(port: str) -> Command:
    options = ("--worker-class", "gevent", "--workers", "1", "--backlog", "4096")
    return [
        BIN / "gunicorn",
        *options,
        "--chdir",
        _PEERS,
        "--bind",
        f"127.0.0.1:{port}",
        "by_wsgi:app",
    ]


def _granian(interface: str, port: str) -> Command:
    options = ("--interface", interface, "--http", "1", "--no-ws", "--no-log", "--loop", "uvloop")
    where = ("--working-dir", _PEERS, "--port", port, "--backlog", "4096")
    return [BIN / "granian", *options, *where, f"by_{interface}:app"]


SERVERS: dict[str, Callable[[], AbstractContextManager[Served]]] = {
    OURS: partial(_flux, "event"),
    "Flux, pool": partial(_flux, "pool"),
    "Flux, thread": partial(_flux, "thread"),
    GEVENT: partial(told_its_port, partial(_script, "by_gevent.py")),
    "gevent, gunicorn": partial(told_its_port, _gunicorn),
    UVICORN: partial(told_its_port, _uvicorn),
    "granian, ASGI": partial(told_its_port, partial(_granian, "asgi")),
    "granian, RSGI": partial(told_its_port, partial(_granian, "rsgi")),
    "granian, WSGI": partial(told_its_port, partial(_granian, "wsgi")),
    SOCKETIFY: partial(told_its_port, partial(_script, "by_socketify.py")),
    "aiohttp": partial(told_its_port, partial(_script, "by_aiohttp.py")),
}


@contextmanager
def all_servers() -> Iterator[dict[str, Served]]:
    """All of them, at once: who isn't asked has nothing to do."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(start()) for name, start in SERVERS.items()}
