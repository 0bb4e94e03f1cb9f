"""nginx: one process, with a port for each way in which it might serve the pages best.

As files, it sends Date, Content-Type, ETag and Last-Modified. `return 200` gives a text of its
configuration, which takes no file and no ETag: it is the least that nginx can do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from measuring.builds import BUILD
from measuring.processes import Command, Served, free_ports, listening_at, serving

from eventing.pages import FOLDER, SIZES, text

RETURN = "return 200"

_HOME = BUILD / "nginx-pages"
_FILES = (
    "sendfile on; tcp_nopush on;",
    "sendfile on; tcp_nopush off;",
    "sendfile off;",
    "sendfile off; output_buffers 1 128k;",
)
_LONGEST = 4000  # characters in one word of a configuration

_CONFIGURATION = """\
user root;
worker_processes 1;
worker_rlimit_nofile 20000;
daemon off;
pid {home}/pid;
error_log stderr crit;
events {{ worker_connections 16384; multi_accept on; }}
http {{
  access_log off;
  default_type text/plain;
  keepalive_requests 1000000000;
  keepalive_timeout 60s;
  reset_timedout_connection on;
  open_file_cache max=1000;
  root {root};
  client_body_temp_path {home}/body;
  proxy_temp_path {home}/proxy;
  fastcgi_temp_path {home}/fastcgi;
  uwsgi_temp_path {home}/uwsgi;
  scgi_temp_path {home}/scgi;
{servers}
}}
"""


@contextmanager
def nginx() -> Iterator[dict[str, Served]]:
    """The server of each configuration; in truth they are one."""
    bodies = {each: each for each in _FILES} | {RETURN: "".join(map(_location, SIZES))}
    ports = dict(zip(bodies, free_ports(len(bodies)), strict=True))
    servers = [
        f"  server {{ listen 127.0.0.1:{ports[name]} backlog=4096; {body} }}"
        for name, body in bodies.items()
    ]
    _HOME.mkdir(parents=True, exist_ok=True)
    path = _HOME / "nginx.conf"
    path.write_text(_CONFIGURATION.format(home=_HOME, root=FOLDER, servers="\n".join(servers)))
    command: Command = ["nginx", "-p", _HOME, "-e", "stderr", "-c", path]
    with serving(command, listening_at(ports[RETURN])) as server:
        yield {name: replace(server, port=port) for name, port in ports.items()}


def _location(size: int) -> str:
    """A page within the configuration, put together from words that aren't too long."""
    page = text(size)
    words = [page[start : start + _LONGEST] for start in range(0, len(page), _LONGEST)]
    if len(words) == 1:
        return f"location = /{size} {{ return 200 {words[0]}; }}\n"
    sets = "".join(f"set $w{number}_ {word};\n" for number, word in enumerate(words))
    whole = "".join(f"$w{number}_" for number in range(len(words)))
    return f"location = /{size} {{ {sets} return 200 {whole}; }}\n"
