"""What the web server is meant to reach: how many times our CPU for a request peers need."""

from collections.abc import Sequence

from measuring.tables import table

from hosting.rates import Rates, cpu_ratio
from hosting.servers import AIOHTTP, CPP, LIGHTTPD, NGINX, PYTHON, STARLETTE

MANY = 128  # clients

PAIRS = ((NGINX, CPP), (LIGHTTPD, CPP), (STARLETTE, PYTHON), (AIOHTTP, PYTHON))


def aim(ours: str, clients: int) -> float:
    """At least so many times, with so many clients."""
    if ours == PYTHON:
        return 2.0
    return 1.2 if clients >= MANY else 1.0


def text(measured: Sequence[Rates]) -> str:
    """What was measured beside each aim."""
    head = ["its CPU / ours", *(f"{each.clients} clients" for each in measured)]
    return table(head, [_row(measured, *pair) for pair in PAIRS])


def _row(measured: Sequence[Rates], peer: str, ours: str) -> list[str]:
    cells = (f"{cpu_ratio(each, peer, ours)}, aim {aim(ours, each.clients)}" for each in measured)
    return [f"{peer} / {ours}", *cells]
