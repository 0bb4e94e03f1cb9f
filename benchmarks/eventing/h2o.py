"""h2o: one process with one thread, and a port for each way in which it might serve the files.

It keeps files open, and sends Date, Content-Type, ETag and Last-Modified.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from measuring.builds import BUILD
from measuring.processes import Command, Served, free_ports, listening_at, serving

from eventing.pages import FOLDER, SIZES

_HOME = BUILD / "h2o-pages"
_CHOICES = {
    "file.dir": [("/", f"file.dir: {FOLDER}")],
    "file.file": [(f"/{size}", f"file.file: {FOLDER / str(size)}") for size in SIZES],
}

_CONFIGURATION = """\
user: root
num-threads: 1
max-connections: 16384
http1-request-timeout: 60
error-log: /dev/null
send-server-name: OFF
file.mime.setdefaulttype: text/plain
hosts:
"""


@contextmanager
def h2o() -> Iterator[dict[str, Served]]:
    """The server of each configuration; in truth they are one."""
    ports = dict(zip(_CHOICES, free_ports(len(_CHOICES)), strict=True))
    _HOME.mkdir(parents=True, exist_ok=True)
    path = _HOME / "h2o.conf"
    path.write_text(_CONFIGURATION + "".join(_host(name, port) for name, port in ports.items()))
    command: Command = ["h2o", "-c", path]
    with serving(command, listening_at(max(ports.values()))) as server:
        yield {name: replace(server, port=port) for name, port in ports.items()}


def _host(name: str, port: int) -> str:
    lines = [f"  {name}:", f"    listen: {{host: 127.0.0.1, port: {port}}}", "    paths:"]
    lines += [line for at, what in _CHOICES[name] for line in (f"      {at}:", f"        {what}")]
    return "\n".join([*lines, ""])
