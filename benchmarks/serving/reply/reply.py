"""The nodes of reply.flux."""

import time

from flux.nodes import http
from flux.nodes.http import HttpError, Request
from flux.nodes.tcp import Connection, Listener
from flux.runtime import current_error

TEXT = {"Content-Type": "text/plain"}
LIMITS = http.Limits(body=64 * 1024)  # no request here needs a body: one that comes is ignored
PAGES = {"/": bytes(ord("a") + place % 26 for place in range(1024))}

listener = Listener(backlog=4096, timeout=10.0)
listen = listener.listen


def init(_args: list[str]) -> None:
    """Listen at any port that is free."""
    listener.open()
    print(f"listening on http://{listener.host}:{listener.port}", flush=True)


def shutdown() -> None:
    """Close what still waits for its client."""
    listener.close()


def read_request(conn: Connection) -> tuple[Connection, Request]:
    """What a client asks for, as a whole, in time."""
    request = http.read_request(conn, LIMITS, time.monotonic() + listener.timeout)
    return conn, request


def find(conn: Connection, request: Request) -> tuple[Connection, Request, bytes]:
    """The text that is asked for."""
    if request.method not in ("GET", "HEAD"):
        raise HttpError(405)
    text = PAGES.get(request.path)
    if text is None:
        raise HttpError(404)
    return conn, request, text


def write(conn: Connection, request: Request, text: bytes) -> tuple[Connection, Request]:
    """Send it."""
    head, keep_alive = request.method == "HEAD", request.keep_alive
    conn.send(*http.response(200, TEXT, text, head=head, keep_alive=keep_alive))
    return conn, request


def complete(conn: Connection, request: Request) -> None:
    """Let the client ask again, or part."""
    if request.keep_alive:
        listener.keep(conn)
    else:
        conn.close()


def apologize(conn: Connection) -> None:
    """Tell a client what was wrong with its request, if it is still there."""
    error = current_error()
    if isinstance(error, HttpError):
        text = f"{error.reason}\n".encode()
        conn.send(*http.response(error.status, TEXT, text, keep_alive=False))
    conn.close()
