"""What an application is told of a request: its environ."""

import io
import sys
from functools import lru_cache
from typing import Any

from flux.nodes.http import BodyStream, Request
from flux.nodes.http.message import Headers
from flux.nodes.tcp import Connection
from flux.nodes.wsgi.files import FileWrapper

Environ = dict[str, Any]

_LARGEST_READ = 64 * 1024  # bytes of a body that are read ahead
# A Proxy would be HTTP_PROXY, by which some libraries choose whom they ask.
_NOT_PASSED = frozenset({"proxy", "content-type", "content-length"})


def environ_of(
    client: Connection, request: Request, body: BodyStream | None, server: Environ
) -> Environ:
    """The environ of a request, on top of what the server is."""
    told: Environ = {
        **server,
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _path_info(request.path),
        "QUERY_STRING": request.query,
        "REQUEST_URI": request.target,
        "SERVER_PROTOCOL": f"HTTP/{request.version}",
        "REMOTE_ADDR": client.peer[0],
        "REMOTE_PORT": str(client.peer[1]),
        "wsgi.input": _input(request, body),
        "wsgi.errors": sys.stderr,
    }
    _add_fields(told, request.headers)
    if not request.target.startswith("/"):
        _add_host_of_target(told, request.target)
    return told


def server_environ(
    host: str, port: int, *, scheme: str, multithread: bool, multiprocess: bool
) -> Environ:
    """What is the same for all requests. Bodies end where they end, whether they tell or not."""
    return {
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_SOFTWARE": "flux",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.multithread": multithread,
        "wsgi.multiprocess": multiprocess,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        "wsgi.file_wrapper": FileWrapper,
    }


def _path_info(path: str) -> str:
    """A path in the way of WSGI: each character is a byte. There is none in `OPTIONS *`."""
    if path == "*":
        return ""
    return path if path.isascii() else path.encode().decode("latin-1")


def _input(request: Request, body: BodyStream | None) -> io.BufferedIOBase:
    if body is None:
        return io.BytesIO(request.body)
    return io.BufferedReader(body, _LARGEST_READ)


def _add_fields(told: Environ, headers: Headers) -> None:
    for name in headers:
        if (variable := _variable(name)) is not None:
            told[variable] = headers[name]
    if types := headers.all("content-type"):
        told["CONTENT_TYPE"] = types[0]
    if lengths := headers.all("content-length"):
        told["CONTENT_LENGTH"] = lengths[0].lstrip("0") or "0"  # int() refuses too many digits
    if len(cookies := headers.all("cookie")) > 1:
        told["HTTP_COOKIE"] = "; ".join(cookies)


@lru_cache(maxsize=1024)
def _variable(name: str) -> str | None:
    """What a field is called; one with `_` in its name could pass for another, and is left out."""
    if "_" in name or name in _NOT_PASSED:
        return None
    return "HTTP_" + name.upper().replace("-", "_")


def _add_host_of_target(told: Environ, target: str) -> None:
    """The host that a whole target names counts more than the field (RFC 9112, 3.2.2)."""
    _, has_scheme, rest = target.partition("://")
    if has_scheme:
        told["HTTP_HOST"] = rest.partition("/")[0].partition("?")[0].partition("#")[0]
