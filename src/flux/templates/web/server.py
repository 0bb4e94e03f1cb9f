"""The nodes of server.flux, each a function that may simply block."""

import argparse
from collections import Counter

from flux.nodes import http
from flux.nodes.http import HttpError, Request
from flux.nodes.tcp import Buffer, Connection, Listener
from flux.runtime import announce, current_error

Reply = list[Buffer]
PAGES = {"/": "Hello, world!", "/flux": "Servers as a picture of data flow."}
TEXT = {"Content-Type": "text/plain; charset=utf-8"}

listener = Listener()
listen = listener.listen  # a source: each connection with something to read starts a flow
counts: Counter[str] = Counter()  # the constraint of its nodes protects it


def init(args: list[str]) -> None:
    """Open the listener; ARGS come after `--` on the command line of `flux run`."""
    parser = argparse.ArgumentParser(prog="server")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080, help="0: any that is free")
    options = parser.parse_args(args)
    listener.host, listener.port = options.host, options.port
    listener.open()
    announce(f"listening on http://{listener.host}:{listener.port}")


def shutdown() -> None:
    """Close what still waits for its client."""
    listener.close()


def read_request(client: Connection) -> tuple[Connection, Request]:
    """Wait for a whole request; this server only knows how to read."""
    request = http.read_request(client)
    if request.method not in ("GET", "HEAD"):
        raise HttpError(405)
    return client, request


def is_known(request: Request) -> bool:
    """Test for the pages of this server."""
    return request.path in PAGES


def is_visits(request: Request) -> bool:
    """Test for the page with the counts."""
    return request.path == "/visits"


def count_visit(client: Connection, request: Request) -> tuple[Connection, Request, int]:
    """Count one more visit of a page."""
    counts[request.path] += 1
    return client, request, counts[request.path]


def show_page(
    client: Connection, request: Request, visits: int
) -> tuple[Connection, Request, Reply]:
    """Show a page to its next visitor."""
    return client, request, page(request, 200, f"{PAGES[request.path]} Visit {visits}.\n")


def show_visits(client: Connection, request: Request) -> tuple[Connection, Request, Reply]:
    """List the pages by their visits."""
    lines = [f"{visits:6}  {path}\n" for path, visits in counts.most_common()]
    return client, request, page(request, 200, "".join(lines))


def not_found(client: Connection, request: Request) -> tuple[Connection, Request, Reply]:
    """Answer for all other pages."""
    return client, request, page(request, 404, "There is no such page.\n")


def send(client: Connection, request: Request, reply: Reply) -> None:
    """Send the reply; the listener keeps the connection for the client's next request."""
    client.send(*reply)
    if request.keep_alive:
        listener.keep(client)
    else:
        client.close()


def refuse(client: Connection) -> None:
    """Tell a client what was wrong with its request, if it is still there."""
    error = current_error()
    if isinstance(error, HttpError):
        text = f"{error.reason}\n".encode()
        client.send(*http.response(error.status, TEXT, text, keep_alive=False))
    client.close()


def hang_up(client: Connection, _request: Request, _reply: Reply) -> None:
    """Let go of a client that didn't take its reply."""
    client.close()


def page(request: Request, status: int, text: str) -> Reply:
    """A page of plain text."""
    head, keep_alive = request.method == "HEAD", request.keep_alive
    return http.response(status, TEXT, text.encode(), head=head, keep_alive=keep_alive)
