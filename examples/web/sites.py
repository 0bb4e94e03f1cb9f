"""What is served under which name: a folder with a cache of its own for each host."""

from dataclasses import dataclass, field

from flux.nodes import http
from pages import Page, Pages
from second_chance import SecondChance


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A folder, whose path is `root` without links in it, and what is kept of it."""

    root: str
    pages: Pages
    cache: SecondChance[Page]


@dataclass(frozen=True, slots=True)
class Sites:
    """Folders by the names of hosts, in small letters; what has no name here is the default's."""

    default: Site
    named: dict[str, Site] = field(default_factory=dict)

    def of(self, request: http.Request) -> Site:
        """What a request is about."""
        return self.named.get(host_of(request), self.default) if self.named else self.default


def host_of(request: http.Request) -> str:
    """The host that a request names, in small letters, without its port; an empty one: none.

    That of the target counts where it is there (RFC 9112, 3.2.2).
    """
    if request.target.startswith("/"):
        named = (*request.headers.all("host"), "")[0]
    else:
        named = request.target.partition("://")[2].partition("/")[0].partition("?")[0]
    return without_port(named).lower().removesuffix(".")


def without_port(authority: str) -> str:
    """The name in a Host field."""
    if authority.startswith("["):
        return authority[: authority.index("]") + 1]
    return authority.partition(":")[0]
