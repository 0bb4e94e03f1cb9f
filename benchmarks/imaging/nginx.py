"""nginx, serving the JPEGs as files: one process, and a port for each configuration.

Which of these is best depends on sizes and connections. All of them keep files open, write no log
of requests, and send the same headers as the image server: Date, ETag, Cache-Control.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import product

from measuring.builds import BUILD
from measuring.processes import Command, Served, free_ports, listening_at, serving

from imaging.pictures import JPEGS

_FOLDER = BUILD / "nginx"
_CHOICES = [
    f"sendfile {sendfile}; tcp_nopush {nopush};"
    for sendfile, nopush in product(("on", "off"), ("on", "off"))
    if (sendfile, nopush) != ("off", "on")  # nopush is of sendfile's
]

_CONFIGURATION = """\
user root;
worker_processes 1;
daemon off;
pid {folder}/pid;
error_log stderr crit;
events {{ worker_connections 4096; multi_accept on; }}
http {{
  access_log off;
  types {{ image/jpeg jpg; }}
  keepalive_requests 1000000000;
  reset_timedout_connection on;
  open_file_cache max=1000;
  add_header Cache-Control "public, max-age=60";
  root {root};
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
{servers}
}}
"""


@contextmanager
def serving_files() -> Iterator[dict[str, Served]]:
    """The server of each configuration; in truth they are one."""
    ports = free_ports(len(_CHOICES))
    configuration = _write(ports)
    command: Command = ["nginx", "-p", _FOLDER, "-e", "stderr", "-c", configuration]
    with serving(command, listening_at(ports[-1])) as server:
        yield {
            choice: replace(server, port=port) for choice, port in zip(_CHOICES, ports, strict=True)
        }


def _write(ports: list[int]) -> str:
    _FOLDER.mkdir(parents=True, exist_ok=True)
    servers = "\n".join(
        f"  server {{ listen 127.0.0.1:{port} backlog=1024; {choice} }}"
        for choice, port in zip(_CHOICES, ports, strict=True)
    )
    path = _FOLDER / "nginx.conf"
    path.write_text(_CONFIGURATION.format(folder=_FOLDER, root=JPEGS, servers=servers))
    return str(path)
