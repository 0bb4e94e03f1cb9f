"""Flask's hello, and the nodes that serve it."""

import argparse

from flask import Flask

from flux.nodes.tcp import Listener
from flux.nodes.wsgi import Gateway
from flux.runtime import announce

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """Greet whoever comes."""
    return "Hello, World!"


listener = Listener()
gateway = Gateway(app, listener)

listen = listener.listen
read_request = gateway.read_request
respond = gateway.respond
complete = gateway.complete
refuse = gateway.refuse
apologize = gateway.apologize


def init(arguments: list[str]) -> None:
    """Listen before the first turn, so that a port in use ends the program."""
    parser = argparse.ArgumentParser("hello.flux", description="Serve Flask's hello")
    parser.add_argument("--port", type=int, default=8080, help="port, 0 for any free one (8080)")
    listener.port = parser.parse_args(arguments).port
    listener.open()
    announce(f"listening on http://{listener.host}:{listener.port}")


def shutdown() -> None:
    """Let go of the connections that wait."""
    listener.close()
