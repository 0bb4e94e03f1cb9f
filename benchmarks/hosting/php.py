"""A script of PHP: our server before php-fpm, and with PHP inside, against nginx before php-fpm.

What is counted is the CPU of both, of the server and of php-fpm, which are on one processor.
"""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from measuring.builds import installed
from measuring.processes import Command, Served, free_ports, listening_at_path, serving

from hosting.configurations import HOMES, home, written
from hosting.servers import CPP, NGINX, PROGRAM, PYTHON, Start, Ways, flux, nginx_of

CLIENTS = (1, 32)

FOLDER = HOMES / "php"
TARGETS = HOMES / "php-targets"

_TEXT = "Hello, world!"
# With its length, so that neither server has to send chunks.
_SCRIPT = f"""\
<?php
header('Content-Type: text/plain');
header('Content-Length: {len(_TEXT)}');
echo '{_TEXT}';
"""
_NGINX_WAYS = {"fastcgi_keep_conn on;": "kept", "fastcgi_keep_conn off;": "new"}


@dataclass(frozen=True, slots=True)
class Backed(Served):
    """A server with another behind it, whose CPU time is part of its own."""

    behind: Served

    def cpu_seconds(self) -> float:
        """That of both."""
        return Served.cpu_seconds(self) + self.behind.cpu_seconds()


def prepare() -> None:
    """Make the script, and the list of what to ask for."""
    (home(FOLDER.name) / "hello.php").write_text(_SCRIPT)
    body = TARGETS.with_name("php-reply")
    body.write_text(_TEXT)
    TARGETS.write_text(f"/hello.php {body}\n")


@contextmanager
def _php_fpm(name: str) -> Iterator[tuple[Served, Path]]:
    """A php-fpm, and where it listens."""
    folder = home(f"php-fpm-{name}")
    path = folder / "socket"
    path.unlink(missing_ok=True)
    configuration = written("php-fpm.conf", folder, php=path)
    program = installed("php-fpm*")
    assert program
    command: Command = [program, "--nodaemonize", "--allow-to-run-as-root", "-y", configuration]
    with serving(command, listening_at_path(path)) as server:
        yield server, path


@contextmanager
def _flux(target: str) -> Iterator[Ways]:
    with (
        _php_fpm(target) as (php, path),
        flux(target, "event", "--php", path, root=FOLDER) as servers,
    ):
        yield _backed(servers, php)


@contextmanager
def _nginx() -> Iterator[Ways]:
    ports = dict(zip(_NGINX_WAYS.values(), free_ports(len(_NGINX_WAYS)), strict=True))
    with (
        _php_fpm("nginx") as (php, path),
        nginx_of("nginx-php.conf", ports, php=path, root=FOLDER) as servers,
    ):
        yield _backed({name: servers[way] for name, way in _NGINX_WAYS.items()}, php)


@contextmanager
def _inside() -> Iterator[Ways]:
    includes = subprocess.check_output(["php-config", "--includes"], text=True)
    program: Command = [PROGRAM.parent / "embedded" / "web.flux", "--cxxflags", includes]
    with flux("cpp", "event", "--php", "embedded", root=FOLDER, program=program) as servers:
        yield servers


def _backed(servers: Ways, php: Served) -> Ways:
    return {name: Backed(each.process, each.port, php) for name, each in servers.items()}


SERVERS: Mapping[str, Start] = {
    f"{CPP}, PHP inside": _inside,
    f"{CPP}, php-fpm": partial(_flux, "cpp"),
    f"{NGINX}, php-fpm": _nginx,
    f"{PYTHON}, php-fpm": partial(_flux, "python"),
}
