"""The nodes that run an application for the clients of a listener.

    source Listen => Serve;
    Serve = ReadRequest -> Respond -> Complete;
    handle error ReadRequest -> Refuse;
    handle error Respond -> Apologize;

What an application reads of a request's body comes while it is read, and what it answers goes out
while it is made: `Respond` is at work until the client has taken all.
"""

import logging
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flux.nodes import http
from flux.nodes.http import BodyStream, Disconnected, HttpError, Limits, Pace, Request
from flux.nodes.tcp import Connection, Listener
from flux.nodes.wsgi.answer import Answer
from flux.nodes.wsgi.environment import Environ, environ_of, server_environ
from flux.runtime import current_error
from flux.runtime.workers.worker import own

Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_LARGEST_BODY = 1 << 30  # bytes; it isn't kept in memory
_MOST_DROPPED = 256 * 1024  # bytes of a body that nobody has read, before the next request

_logger = logging.getLogger("flux")


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """A request, and what has become of its answer; `body` is what hasn't come with the head."""

    client: Connection
    request: Request
    body: BodyStream | None
    answer: Answer


class Gateway:
    """Runs an application for the clients of a listener.

    With `multithread=False` the application is told that it has one request at a time, which a
    constraint on `Respond` sees to; `scheme` is what stands before `://` in the clients' view, if
    that isn't what the listener speaks.
    """

    def __init__(
        self,
        application: Application,
        listener: Listener,
        *,
        limits: Limits | None = None,
        multithread: bool = True,
        scheme: str | None = None,
    ) -> None:
        self._application = application
        self._listener = listener
        self._limits = limits or Limits(body=_LARGEST_BODY)
        self._multithread = multithread
        self._scheme = scheme

    def read_request(self, client: Connection) -> Exchange:
        """The request of a client that has begun to speak; what `http.read_head` raises."""
        patience = self._listener.timeout
        request, body = http.read_head(
            client, self._limits, time.monotonic() + patience, Pace(patience)
        )
        answer = Answer(client, request, body, may_keep=not self._listener.closed)
        return Exchange(client, request, body, answer)

    def respond(self, exchange: Exchange) -> Exchange:
        """The answer of the application, sent as far as the client takes it.

        Raises whatever the application does, and ApplicationError.
        """
        answer = exchange.answer
        blocks: Iterable[bytes] = ()
        try:
            blocks = self._application(self._environ(exchange), answer.start_response)
            answer.send(blocks)
        except OSError:
            if not answer.is_unheard:
                raise
        finally:
            close = getattr(blocks, "close", None)
            if close is not None:
                close()
        return exchange

    def complete(self, exchange: Exchange) -> None:
        """Let the client ask again, or part."""
        client, body, answer = exchange.client, exchange.body, exchange.answer
        is_read = body is None or (answer.keep_alive and body.drop(_MOST_DROPPED))
        if body is not None:
            body.close()  # who still reads it must not read the next request
        if not answer.is_whole:
            answer.break_off()
        elif answer.keep_alive and is_read:
            self._listener.keep(client)
        else:
            client.close()

    def refuse(self, client: Connection) -> None:
        """Tell what is wrong with a request, if its client is still there."""
        error = current_error()
        if isinstance(error, HttpError):
            _tell(client, error.status, error.reason)
        elif not isinstance(error, Disconnected):
            _logger.error("cannot read a request of %s", client.peer[0], exc_info=error)
        client.close()

    def apologize(self, exchange: Exchange) -> None:
        """Say 500, if nothing has been said; what is said in part is broken off."""
        client, request, answer = exchange.client, exchange.request, exchange.answer
        failure = None if exchange.body is None else exchange.body.failure
        if failure is None:
            _logger.error(
                "cannot answer %s %s", request.method, request.path, exc_info=current_error()
            )
        if answer.is_started and not answer.is_whole:
            answer.break_off()
            return
        if not answer.is_started and not isinstance(failure, Disconnected):
            status = 500 if failure is None else failure.status
            _tell(client, status, "" if failure is None else failure.reason, request.method)
        client.close()

    def _environ(self, exchange: Exchange) -> Environ:
        listener = self._listener
        spoken = "http" if listener.tls is None else "https"
        server = server_environ(
            *(listener.host, listener.port),
            scheme=self._scheme or spoken,
            multithread=self._multithread,
            multiprocess=own() is not None,
        )
        return environ_of(exchange.client, exchange.request, exchange.body, server)


def _tell(client: Connection, status: int, reason: str, method: str = "GET") -> None:
    """A line of text, as the last answer on a connection."""
    text = f"{reason or http.reason_phrase(status)}\n".encode()
    fields = {"Content-Type": "text/plain; charset=utf-8"}
    head = method == "HEAD"
    with suppress(OSError):
        client.send(*http.response(status, fields, text, head=head, keep_alive=False))
