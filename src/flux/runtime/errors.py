"""What goes wrong in a running program, and what only looks like it.

Errors of nodes are Exceptions: a `handle error` statement catches them. The two ends,
`FlowEnded` and `SourceEnded`, are not: they pass every handler on their way out, while each
`finally` gives back what it took.
"""

from collections.abc import Sequence


class FlowEnded(BaseException):
    """The flow is over: its handler ran, or left the error `unhandled`."""

    def __init__(self, unhandled: Exception | None = None) -> None:
        super().__init__()
        self.unhandled = unhandled


class SourceEnded(BaseException):
    """The source has nothing more to give."""


class BadOutput(Exception):  # noqa: N818 - named after the language's `bad-output`
    """A node returned something other than its outputs."""


class NoMatch(Exception):  # noqa: N818 - named after the language's `no-match`
    """No case of a node matched its inputs."""


class NoSession(Exception):  # noqa: N818 - named after the language's `no-session`
    """A session function failed, or its id can't be told from others."""


class MissingFunctions(Exception):  # noqa: N818 - named like the diagnostic
    """The implementation lacks functions that the program names."""

    def __init__(self, spellings: Sequence[tuple[str, ...]]) -> None:
        self.spellings = tuple(spellings)
        missing = ", ".join(" or ".join(f"`{name}`" for name in names) for names in spellings)
        super().__init__(f"the implementation lacks {missing}")
