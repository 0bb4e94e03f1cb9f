"""The parts of the server as its settings want them: its sites, its bounds, and its listener."""

import os
from collections.abc import Sequence

from configuration import Configuration
from flux.nodes import http
from flux.nodes.tcp import Listener
from flux.nodes.tls import BadCertificateError, Tls
from flux.runtime import announce
from folder import Folder
from mime import read_types
from pages import Pages, ScriptNames
from second_chance import SecondChance
from settings import Settings
from sites import Site, Sites


def sites_of(settings: Settings, configuration: Configuration) -> Sites:
    """The folders that are served, with the media types of their files."""
    types = read_types(settings.types.read_text(encoding="utf-8").splitlines())
    types.update(configuration.types)
    scripts = ScriptNames(settings.php is not None, settings.cgi or "")

    def site(root: str, indexes: Sequence[str]) -> Site:
        pages = Pages(Folder(root), indexes, types, settings.largest, scripts)
        return Site(os.path.realpath(root), pages, SecondChance(settings.cache_bytes))

    hosts = [(host.names, site(host.root, host.indexes)) for host in configuration.hosts]
    named = {name: own for names, own in hosts for name in names}
    return Sites(site(settings.root, configuration.indexes), named)


def limits_of(settings: Settings) -> http.Limits:
    """How much of a request is read."""
    uploads = settings.upload_bytes if settings.php or settings.cgi else 0
    return http.Limits(body=settings.body_bytes, streamed=uploads)


def set_up(listener: Listener, settings: Settings, configuration: Configuration) -> None:
    """Where to listen, for how many, and by which certificates; SystemExit without these."""
    listener.host, listener.port = settings.host, settings.port
    listener.max_connections, listener.backlog = settings.connections, settings.backlog
    listener.max_waiting = settings.waiting or None
    listener.timeout, listener.idle_timeout = settings.timeout, settings.idle_timeout
    listener.tls = _tls_of(settings, configuration)


def _tls_of(settings: Settings, configuration: Configuration) -> Tls | None:
    if settings.certificate is None:
        return None
    try:
        tls = Tls(str(settings.certificate), str(settings.key))
        for host in configuration.hosts:
            if host.certificate is not None and host.key is not None:
                for name in host.names:
                    tls.add(name, host.certificate, host.key)
    except BadCertificateError as error:
        raise SystemExit(str(error)) from None
    except OSError as error:
        raise SystemExit(f"{error.filename}: {error.strerror}") from None
    return tls


def open_listener(listener: Listener) -> None:
    """Listen, and tell where; SystemExit if that can't be done."""
    try:
        listener.open()
    except OSError as error:
        place = f"{listener.host}:{listener.port}"
        raise SystemExit(f"cannot listen on {place}: {error.strerror}") from None
    host = f"[{listener.host}]" if ":" in listener.host else listener.host
    scheme = "http" if listener.tls is None else "https"
    announce(f"listening on {scheme}://{host}:{listener.port}")
