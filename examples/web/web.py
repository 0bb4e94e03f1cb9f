"""The nodes of web.flux: plain functions, one a node, that know nothing of threads or locks.

What can go wrong with a page is a page, too: so every sound request gets its reply in one way.
Apologize is for requests that can't be read, and for our own mistakes.
"""

import logging
import sys
import time
from dataclasses import replace
from http import HTTPStatus

import scripts
from answers import refusal
from answers import represent as represent_page
from assembly import limits_of, open_listener, set_up, sites_of
from backend import Backend
from exchange import Reply, Request, unread
from flux.nodes import http
from flux.nodes.tcp import Connection, Listener
from flux.nodes.timer import Timer
from flux.runtime import current_error
from journal import FORMS, Entry, Journal
from pages import Page, key_of
from programs import Programs
from scripts import Place
from sending import framing_of, send
from settings import parse_settings
from sites import Sites

Entries = list[Entry]

FRESH = 1.0  # seconds for which a page in memory is taken to be as its file is
LOG_EVERY = 0.2  # seconds

logger = logging.getLogger("web")
listener = Listener()
listen = listener.listen
timer = Timer(LOG_EVERY)
tick = timer.tick
journal = Journal()
sites: Sites
limits: http.Limits
place: Place
backend: Backend
programs: Programs
most_requests = 0  # on one connection; 0: any number


def init(arguments: list[str]) -> None:
    """Do as the command line says, and tell where the server listens."""
    global sites, limits, place, backend, programs, most_requests  # noqa: PLW0603 - made once
    settings, configuration = parse_settings(arguments)
    sites = sites_of(settings, configuration)
    backend = Backend(settings.php or "", settings.php_timeout, settings.php_kept)
    programs = Programs(settings.cgi_timeout, settings.cgi_most)
    limits = limits_of(settings)
    journal.path, journal.form = settings.access_log, FORMS[settings.log_format]
    if journal.path is None:
        timer.close()  # nothing is to be done now and then
    most_requests = settings.requests
    set_up(listener, settings, configuration)
    open_listener(listener)
    is_encrypted = listener.tls is not None
    place = Place(listener.host, listener.port, is_encrypted, listener.timeout)


def shutdown() -> None:
    """Close what is still open, and write the last lines."""
    listener.close()
    try:
        journal.write(journal.take())
    except OSError as error:
        sys.stderr.write(f"the last lines of the access log are lost: {error}\n")


def read_request(conn: Connection) -> Request:
    """The request of a client that has begun to speak."""
    moment = time.time()
    asked = http.read_request(conn, limits, time.monotonic() + listener.timeout)
    return Request(conn, asked, sites.of(asked), moment)


def check_cache(request: Request) -> tuple[Request, Page]:
    """What the cache knows of the page that is asked for, however old."""
    key = key_of(request.http.path)
    known = request.site.cache.get(key) if key is not None else None
    return request, Page(key) if known is None else known


def is_fresh(page: Page) -> bool:
    """Whether a page was compared with its file just now."""
    return time.monotonic() - page.checked < FRESH


def look_up(request: Request, page: Page) -> tuple[Request, Page]:
    """The page as it is in the folder."""
    return request, request.site.pages.find(page)


def store_in_cache(request: Request, page: Page) -> tuple[Request, Page]:
    """The page as it is; of several flows that opened it the last has it kept."""
    if page.key is not None and page.is_in_memory:
        request.site.cache.put(page.key, page, page.weight)
    return request, page


def is_script(page: Page) -> bool:
    """Whether a page is what a program says, not what a file holds."""
    return page.is_script


def run_script(request: Request, page: Page) -> tuple[Request, Reply]:
    """What a script answers, as far as it has come; 502, 503 or 504 if it can't."""
    runner = programs if page.is_program else backend
    return request, scripts.run(runner, request, page, place)


def represent(request: Request, page: Page) -> tuple[Request, Reply]:
    """The page in the form, and in the parts, that the client asks for."""
    return request, represent_page(request.http, page, int(time.time()))


def write(request: Request, reply: Reply) -> tuple[Request, Reply]:
    """The reply, sent as far as the client takes it."""
    has_had_enough = 0 < most_requests <= request.conn.uses
    return request, send(request, reply, may_keep=not listener.closed and not has_had_enough)


def log(request: Request, reply: Reply) -> tuple[Request, Reply]:
    """Note the exchange for the access log."""
    journal.add(request, reply)
    return request, reply


def complete(request: Request, reply: Reply) -> None:
    """Let the client ask again, or part."""
    if reply.broken:
        _break_off(request, reply)
    elif reply.keep_alive:
        listener.keep(request.conn)
    else:
        request.conn.close()


def explain(conn: Connection) -> tuple[Request, Reply]:
    """What is wrong with a request, or (500, 503) with us; the client can't be understood again."""
    match current_error():
        case http.HttpError() as error:
            reply = refusal(error.status, error.reason)
        case http.Disconnected():
            reply = refusal(HTTPStatus.BAD_REQUEST, "the request is not whole")
        case MemoryError():
            reply = refusal(HTTPStatus.SERVICE_UNAVAILABLE)
        case error:
            logger.error("cannot answer %s", conn.peer, exc_info=error)
            reply = refusal(HTTPStatus.INTERNAL_SERVER_ERROR)
    return unread(conn, sites.default), replace(reply, keep_alive=False)


def take_entries(tick: int) -> Entries:  # noqa: ARG001 - when, not what
    """What has been logged since the last tick."""
    return journal.take()


def append_to_log(entries: Entries) -> None:
    """Write it to the file."""
    journal.write(entries)


def _break_off(request: Request, reply: Reply) -> None:
    """Close so that the client knows that the reply isn't whole.

    Where the connection's end would be that of the body (HTTP/1.0), only a reset tells.
    """
    if framing_of(request, reply) == "end":
        request.conn.reset()
    else:
        request.conn.abort()
