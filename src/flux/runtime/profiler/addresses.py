"""Where a server is asked for its profile: `127.0.0.1:9100`, `[::1]:9100`, `unix:/run/it.sock`."""

import ipaddress
import os
import re
import socket
import stat
from contextlib import suppress
from pathlib import Path

TCP = re.compile(r"(?:\[(?P<v6>[^]]+)\]|(?P<host>[^:\[\]]+)):(?P<port>[0-9]{1,5})")
UNIX = "unix:"
MOST_PORTS = 65535
FORMS = "an address is like 127.0.0.1:9100, [::1]:9100 or unix:/run/server.sock"
BACKLOG = 128


def opened(address: str, *, guarded: bool) -> tuple[socket.socket, str]:
    """A socket that listens, and its address; `guarded` is whether a token is asked for.

    Raises ValueError for what is no address, or may not be listened on, OSError for what can't.
    """
    if address == UNIX:
        raise ValueError(f"a path is missing behind `{UNIX}`: {FORMS}")
    if address.startswith(UNIX):
        path = os.path.abspath(address.removeprefix(UNIX))  # noqa: PTH100 - whose links are kept
        return _opened_unix(path), f"{UNIX}{path}"
    host, port = _host_and_port(address)
    family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    host = str(place[0])
    if not guarded and not ipaddress.ip_address(host).is_loopback:
        raise ValueError(f"{address} is no address of this machine alone: it needs a token file")
    listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    host, port = listener.getsockname()[:2]
    return listener, f"[{host}]:{port}" if family is socket.AF_INET6 else f"{host}:{port}"


def of_worker(address: str, number: int) -> str:
    """The address of one of several workers: ports are counted on, files get a number behind."""
    if address.startswith(UNIX):
        return f"{address}.{number}"
    match = TCP.fullmatch(address)
    if match is None or not int(match["port"]):
        return address
    return f"{address[: match.start('port')]}{int(match['port']) + number}"


def removed(address: str) -> None:
    """Remove the file of a socket that listens no more."""
    if address.startswith(UNIX):
        with suppress(OSError):
            Path(address.removeprefix(UNIX)).unlink()


def _host_and_port(address: str) -> tuple[str, int]:
    match = TCP.fullmatch(address)
    if match is None or int(match["port"]) > MOST_PORTS:
        raise ValueError(f"`{address}` is no address: {FORMS}")
    return match["v6"] or match["host"], int(match["port"])


def _opened_unix(path: str) -> socket.socket:
    """Listen at a file that only this user may use; one that nobody listens at is replaced."""
    _remove_stale(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)
    try:
        listener.bind(path)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    finally:
        os.umask(mask)
    return listener


def _remove_stale(path: str) -> None:
    with suppress(FileNotFoundError):
        if stat.S_ISSOCK(Path(path).lstat().st_mode) and not _answers(path):
            Path(path).unlink()


def _answers(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        try:
            client.connect(path)
        except ConnectionRefusedError:
            return False
        except OSError:
            return True
    return True
