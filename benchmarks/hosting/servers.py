"""The servers, each alone on its processor: the web server on each runtime, and its peers.

Each of them is one process that serves, with one thread where it lets one choose. A server stands
here by its ways to serve: configurations among which a short run finds the best.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from measuring.builds import FLUX, ROOT
from measuring.processes import (
    Command,
    Served,
    free_ports,
    listening_at,
    printed_port,
    serving,
    told_its_port,
)
from serving.environment import BIN

from hosting.configurations import PEERS, home, written
from hosting.files import FOLDER

Ways = Mapping[str, Served]
Start = Callable[[], AbstractContextManager[Ways]]

CPP, PYTHON = "C++, event", "Python, event"
NGINX, H2O, LIGHTTPD, APACHE = "nginx", "h2o", "lighttpd", "Apache"
STARLETTE, AIOHTTP = "uvicorn, Starlette", "aiohttp"

PROGRAM = ROOT / "examples" / "web" / "web.flux"
_NGINX_WAYS = {
    "sendfile on; tcp_nopush off;": "sendfile",
    "sendfile on; tcp_nopush on;": "nopush",
    "sendfile off;": "read",
}


@contextmanager
def flux(
    target: str, runtime: str, *own: str | Path, root: Path = FOLDER, program: Command = (PROGRAM,)
) -> Iterator[Ways]:
    """The web server, with options of its own; `program` and how it is built."""
    command: Command = [FLUX, "run", *program, "--target", target, "--runtime", runtime, "--"]
    arguments: Command = ["--port", "0", "--backlog", "4096", "--root", root, *own]
    with serving([*command, *arguments], printed_port) as server:
        yield {"": server}


@contextmanager
def nginx(log: str = "off") -> Iterator[Ways]:
    """nginx; in truth all ways are one server. `log` is what its `access_log` says."""
    ports = dict(zip(_NGINX_WAYS.values(), free_ports(len(_NGINX_WAYS)), strict=True))
    with nginx_of("nginx.conf", ports, log=log, root=FOLDER) as servers:
        yield {name: servers[way] for name, way in _NGINX_WAYS.items()}


@contextmanager
def nginx_of(name: str, ports: Mapping[str, int], **values: object) -> Iterator[Ways]:
    """One nginx by one of our configurations, on ports by the names that it has for them."""
    folder = home(name.removesuffix(".conf"))
    named = {f"port_of_{way}": port for way, port in ports.items()}
    path = written(name, folder, **named, **values)
    command: Command = ["nginx", "-p", folder, "-e", "stderr", "-c", path]
    with serving(command, listening_at(max(ports.values()))) as server:
        yield {way: replace(server, port=port) for way, port in ports.items()}


def _h2o(port: str) -> Command:
    return ["h2o", "-c", written("h2o.conf", home("h2o"), port=port, root=FOLDER)]


def _lighttpd(backend: str, port: str) -> Command:
    folder = home(f"lighttpd-{backend}")
    path = written("lighttpd.conf", folder, port=port, root=FOLDER, backend=backend)
    return ["lighttpd", "-D", "-f", path]


def _apache(sendfile: str, mmap: str, port: str) -> Command:
    folder = home(f"apache-{sendfile}-{mmap}")
    values = {"port": port, "root": FOLDER, "sendfile": sendfile, "mmap": mmap}
    path = written("apache.conf", folder, **values)
    return ["apache2", "-D", "FOREGROUND", "-d", folder, "-f", path]


def _starlette(port: str) -> Command:
    return [BIN / "python", PEERS / "by_starlette.py", port, FOLDER]


def _aiohttp(loop: str, port: str) -> Command:
    around = ["env", "AIOHTTP_NOSENDFILE=1"] if loop == "uvloop" else []  # which has no `sendfile`
    return [*around, BIN / "python", PEERS / "by_aiohttp.py", port, FOLDER, loop]


@contextmanager
def _each(ways: Mapping[str, Callable[[str], Command]]) -> Iterator[Ways]:
    """A server of its own for each way."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(told_its_port(words)) for name, words in ways.items()}


_LIGHTTPD_WAYS = {name: partial(_lighttpd, name) for name in ("sendfile", "writev")}
_APACHE_WAYS = {
    "EnableSendfile On": partial(_apache, "On", "Off"),
    "EnableMMAP On": partial(_apache, "Off", "On"),
}
_AIOHTTP_WAYS = {name: partial(_aiohttp, name) for name in ("uvloop", "asyncio")}

NATIVE: Mapping[str, Start] = {
    CPP: partial(flux, "cpp", "event"),
    "C++, pool": partial(flux, "cpp", "pool"),
    "C++, thread": partial(flux, "cpp", "thread"),
    NGINX: nginx,
    H2O: partial(_each, {"": _h2o}),
    LIGHTTPD: partial(_each, _LIGHTTPD_WAYS),
    APACHE: partial(_each, _APACHE_WAYS),
}
IN_PYTHON: Mapping[str, Start] = {
    PYTHON: partial(flux, "python", "event"),
    "Python, pool": partial(flux, "python", "pool"),
    "Python, thread": partial(flux, "python", "thread"),
    STARLETTE: partial(_each, {"": _starlette}),
    AIOHTTP: partial(_each, _AIOHTTP_WAYS),
}


@contextmanager
def running(servers: Mapping[str, Start]) -> Iterator[dict[str, Ways]]:
    """All of them at once: who isn't asked has nothing to do."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(start()) for name, start in servers.items()}
