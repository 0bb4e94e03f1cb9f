"""A client of TLS, which trusts a certificate, in a thread of its own."""

import socket
import ssl
import threading


def trusting(certificate, **options):
    context = ssl.create_default_context(cafile=str(certificate.certificate))
    context.set_alpn_protocols(["h2", "http/1.1"])
    for name, value in options.items():
        setattr(context, name, value)
    return context


class Peer:
    """A client in a thread of its own, as handshakes need both sides; `said` is what it got."""

    def __init__(self, listener, context, say, host="127.0.0.1"):
        self.said = None
        self._say = say
        self._host = host
        self._context = context
        self._place = listener.host, listener.port
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        with socket.create_connection(self._place, timeout=30) as plain:
            try:
                with self._context.wrap_socket(plain, server_hostname=self._host) as client:
                    self.said = self._say(client)
            except OSError as error:
                self.said = error

    def end(self):
        self._thread.join()
        return self.said


def told(client):
    return client.version(), client.selected_alpn_protocol()


def exchange(client):
    client.sendall(b"hello")
    return client.recv(5), *told(client)
