"""The servers, each alone on its processor: the program of Flux, and its peers."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from measuring.builds import FLUX
from measuring.processes import Command, Served, printed_port, serving

from eventing.floor import floor
from eventing.h2o import h2o
from eventing.nginx import nginx

OURS = "Flux, event"
NGINX = "nginx"
H2O = "h2o"
FLOOR = "floor: epoll, recv, send"

_PROGRAM = Path(__file__).parent / "replies" / "replies.flux"


@contextmanager
def replies() -> Iterator[dict[str, Served]]:
    """The program of Flux, in its only configuration."""
    command: Command = [FLUX, "run", _PROGRAM, "--target", "cpp", "--runtime", "event"]
    with serving(command, printed_port) as server:
        yield {"": server}


# Each by its configurations.
SERVERS: dict[str, Callable[[], AbstractContextManager[dict[str, Served]]]] = {
    OURS: replies,
    NGINX: nginx,
    H2O: h2o,
    FLOOR: floor,
}
