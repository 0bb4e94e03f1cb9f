"""An access log in the form `combined`, which we and nginx write when some of it is there."""

from collections.abc import Mapping
from functools import partial

from hosting.configurations import HOMES, home
from hosting.servers import CPP, NGINX, PYTHON, Start, flux, nginx

CLIENTS = (32, 512)

_FOLDER = HOMES / "logs"


def _flux(target: str) -> Start:
    log = _FOLDER / f"flux-{target}"
    return partial(flux, target, "event", "--access-log", log, "--log-format", "combined")


def servers() -> Mapping[str, Start]:
    """All that write one, with logs that are empty."""
    for log in home(_FOLDER.name).iterdir():
        log.unlink()
    theirs = f"{_FOLDER / 'nginx'} combined buffer=64k flush=1s"
    return {CPP: _flux("cpp"), NGINX: partial(nginx, theirs), PYTHON: _flux("python")}
