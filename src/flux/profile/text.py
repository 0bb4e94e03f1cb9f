"""A profile as a person reads it: what served, why it is hot, and the views."""

from collections.abc import Iterator
from textwrap import wrap

from flux.profile.model import Profile, Served
from flux.profile.ranking import FEW, By
from flux.profile.table import NARROWEST, laid_out
from flux.profile.units import digits, duration, number, percent, rate
from flux.profile.verdict import verdict
from flux.profile.views import UNSURE, views
from flux.render.characters import clean
from flux.render.paint import Paint, Style

LANGUAGES = {"python": "Python", "cpp": "C++"}


def as_text(profile: Profile, by: By, limit: int, width: int, paint: Paint) -> str:
    """The whole profile."""
    parts = [list(header(profile, width, paint))]
    parts += [list(laid_out(table, width, paint)) for table in views(profile, by, limit)]
    if _is_unsure(profile):
        parts.append([paint(f"{UNSURE} is known from fewer than {FEW} flows", Style.QUIET)])
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _is_unsure(profile: Profile) -> bool:
    """Whether some processor times are of few flows."""
    asked = (*(path.cpu for path in profile.paths), *(node.cpu for node in profile.nodes))
    return any(0 < cpu.count < FEW for cpu in asked)


def header(profile: Profile, width: int, paint: Paint) -> Iterator[str]:
    """What was measured, for how long, and the verdict."""
    yield paint(clean(profile.program), Style.BOLD)
    yield from _wrapped(", ".join([*served(profile.server), f"Flux {profile.flux}"]), width)
    yield from _wrapped("; ".join(measured(profile)), width)
    yield ""
    yield from _wrapped(verdict(profile), width)


def served(server: Served) -> Iterator[str]:
    """What carries the flows, in words."""
    yield f"{LANGUAGES.get(server.target, server.target)}, runtime {server.runtime}"
    options = (
        (server.threads, "thread"),
        (server.queue, "place"),
        (server.cores, "core"),
        (server.max_flows, "flow"),
    )
    words = {"place": "queue of {}", "flow": "at most {} flows"}
    for count, unit in options:
        if count is not None:
            yield words.get(unit, f"{{}} {unit}{'' if count == 1 else 's'}").format(number(count))
    yield f"{number(server.workers)} workers" if server.workers else f"pid {server.pid}"


def measured(profile: Profile) -> Iterator[str]:
    """How much there was in which time, and how much of the processors it took."""
    flows = sum(path.count for path in profile.paths)
    yield f"measured for {duration(profile.elapsed)}"
    yield f"{number(flows)} flows, {rate(flows, profile.elapsed)}"
    if profile.elapsed:
        used = profile.cpu / profile.elapsed
        yield (
            f"processors: {digits(used)} of {profile.server.processors} in use"
            f" ({percent(used, profile.server.processors)})"
        )


def _wrapped(text: str, width: int) -> Iterator[str]:
    yield from wrap(clean(text), max(width, NARROWEST))
