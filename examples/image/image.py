"""The nodes of image.flux: plain functions, one a node, that know nothing of threads or locks.

Every connection that Listen gives ends in one of four nodes: Complete hands it back to the
listener or closes it; FourOhFour and Apologize answer what went wrong; HangUp only closes it,
for after half a reply no other can be sent.
"""

import logging
import time
from dataclasses import replace
from http import HTTPStatus

import jpeg
from flux.nodes import http
from flux.nodes.tcp import Connection, Listener
from flux.runtime import announce, current_error
from gallery import Gallery, Version
from lfu import LeastFrequentlyUsed
from options import parse_options
from picture import Picture, Refused, asked_for
from ppm import Pixels
from replies import picture_reply, refusal, status_of

LIMITS = http.Limits(body=64 * 1024)  # no request here needs a body: one that comes is ignored

log = logging.getLogger("image")
listener = Listener()
listen = listener.listen
gallery = Gallery()
cache: LeastFrequentlyUsed[tuple[str, jpeg.Shape], tuple[Version, jpeg.Jpeg]]
cache = LeastFrequentlyUsed()


def init(arguments: list[str]) -> None:
    """Do as the command line says, and tell where the server listens."""
    options = parse_options(arguments)
    gallery.root, gallery.max_pixels = options.root, options.max_pixels
    cache.bound = options.cache_bytes
    listener.host, listener.port = options.host, options.port
    listener.max_connections, listener.backlog = options.connections, options.backlog
    listener.timeout, listener.idle_timeout = options.timeout, options.idle_timeout
    _open_listener()


def shutdown() -> None:
    """Close what is still open."""
    listener.close()


def read_request(conn: Connection) -> tuple[Connection, Picture]:
    """The picture that a client asks for, and which version of it there is now."""
    request = http.read_request(conn, LIMITS, time.monotonic() + listener.timeout)
    picture = asked_for(request)
    return conn, replace(picture, version=gallery.version(picture.name))


def check_cache(conn: Connection, picture: Picture) -> tuple[Connection, Picture]:
    """The picture with its JPEG, if the cache has that of this version."""
    version, compressed = cache.get(picture.key) or (None, jpeg.NOTHING)
    cached = version is not None and version == picture.version
    return conn, replace(picture, jpeg=compressed, cached=True) if cached else picture


def test_in_cache(picture: Picture) -> bool:
    """Whether CheckCache found the picture."""
    return picture.cached


def read_in_from_disk(conn: Connection, picture: Picture) -> tuple[Connection, Picture, Pixels]:
    """The picture's pixels."""
    return conn, picture, gallery.read(picture.name)


def compress(conn: Connection, picture: Picture, pixels: Pixels) -> tuple[Connection, Picture]:
    """The picture with its JPEG, newly made."""
    try:
        compressed = jpeg.compress(pixels, picture.shape, gallery.max_pixels)
    except jpeg.BadShapeError as error:
        raise Refused(picture.request, HTTPStatus.BAD_REQUEST, str(error)) from error
    return conn, replace(picture, jpeg=compressed)


def store_in_cache(conn: Connection, picture: Picture) -> tuple[Connection, Picture]:
    """The picture as it is; of several flows that made its JPEG the first has it kept."""
    version, _ = cache.get(picture.key) or (None, None)
    if picture.version and picture.version != version:
        cache.put(picture.key, (picture.version, picture.jpeg), len(picture.jpeg.data))
    return conn, picture


def write(conn: Connection, picture: Picture) -> tuple[Connection, Picture]:
    """Send the picture."""
    picture = replace(picture, keep_alive=_stays(picture.request))
    conn.send(*picture_reply(picture, keep_alive=picture.keep_alive))
    return conn, picture


def complete(conn: Connection, picture: Picture) -> None:
    """Let the client ask again, or part."""
    _part(conn, keep_alive=picture.keep_alive)


def four_oh_four(conn: Connection, picture: Picture) -> None:
    """Answer that there is no such picture (404), or none that can be read (500, 503)."""
    _refuse(conn, picture.request)


def apologize(conn: Connection) -> None:
    """Answer what is wrong with the request, or (500, 503) with us."""
    match current_error():
        case Refused(request=request):
            _refuse(conn, request)
        case ConnectionError():
            conn.abort()
        case _:
            _refuse(conn, None)


def hang_up(conn: Connection, picture: Picture) -> None:  # noqa: ARG001 - as Write and Complete
    """Close a connection whose client is gone, or too slow."""
    conn.abort()


def _open_listener() -> None:
    try:
        listener.open()
    except OSError as error:
        place = f"{listener.host}:{listener.port}"
        raise SystemExit(f"cannot listen on {place}: {error.strerror}") from None
    host = f"[{listener.host}]" if ":" in listener.host else listener.host
    announce(f"listening on http://{host}:{listener.port}")


def _refuse(conn: Connection, request: http.Request | None) -> None:
    """Answer the current error; without a sound request, the client can't be understood again."""
    error = current_error()
    ours = not isinstance(error, http.HttpError)  # clients can ask for a 501, too
    if ours and status_of(error) >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("cannot answer %s", request.target if request else conn.peer, exc_info=error)
    keep_alive = request is not None and _stays(request)
    head = request is not None and request.method == "HEAD"
    try:
        conn.send(*refusal(error, head=head, keep_alive=keep_alive))
    except OSError:  # the client is gone, or too slow
        conn.abort()
    else:
        _part(conn, keep_alive=keep_alive)


def _stays(request: http.Request) -> bool:
    return request.keep_alive and not listener.closed


def _part(conn: Connection, *, keep_alive: bool) -> None:
    if keep_alive:
        listener.keep(conn)
    else:
        conn.close()
