import socket
import threading
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest
from nodes.wsgi_server import PATIENCE, Served

import flux
from flux.nodes.tcp import Listener
from flux.nodes.tcp.polling_epoll import EpollPoller
from flux.nodes.tcp.polling_portable import PortablePoller
from flux.nodes.wsgi import Gateway

WSGI = Path(__file__).resolve().parents[2] / "examples" / "wsgi" / "hello.flux"


@pytest.fixture
def asleep():
    """Is set when a listener begins to wait for events."""
    return threading.Event()


@pytest.fixture(params=[EpollPoller, PortablePoller])
def poller(request, asleep):
    class TellingPoller(request.param):
        def wait(self, timeout):
            if timeout != 0.0:
                asleep.set()
            return super().wait(timeout)

    return TellingPoller


@pytest.fixture
def make_listener(poller):
    """Opens listeners, and closes them after the test."""
    with ExitStack() as listeners:
        yield lambda **settings: listeners.enter_context(Listener(poller=poller, **settings))


@pytest.fixture
def listener(make_listener):
    return make_listener()


@pytest.fixture
def connect():
    """Connects clients to a listener, and closes them after the test."""
    with ExitStack() as clients:

        def connect_to(listener: Listener, first: bytes = b"") -> socket.socket:
            client = socket.create_connection((listener.host, listener.port), timeout=30)
            clients.enter_context(client)
            client.sendall(first)
            return client

        yield connect_to


@pytest.fixture
def serve():
    """Serves applications of WSGI by the program of the example, until the end of the test."""
    with ExitStack() as stack:

        def start(application, *, timeout=float(PATIENCE), tls=None, **options):
            listener = Listener(timeout=timeout, tls=tls)
            gateway = Gateway(application, listener, **options)
            names = ("read_request", "respond", "complete", "refuse", "apologize")
            nodes = SimpleNamespace(**{name: getattr(gateway, name) for name in names})
            nodes.listen = listener.open().listen
            stack.enter_context(flux.load(WSGI, nodes).start(runtime="pool", threads=2))
            return Served(listener, stack)

        yield start
