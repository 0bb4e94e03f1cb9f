"""What goes wrong in a running program, and what only looks like it.

Errors of nodes are Exceptions: a `handle error` statement catches them. The two ends,
`FlowEnded` and `SourceEnded`, are not: they pass every handler on their way out, while each
`finally` gives back what it took.
"""

from collections.abc import Sequence


class FlowEnded(BaseException):
    """The flow is over: a handler ran, or left an error `unhandled`.

    What path numbers are found from (`flux.runtime.numbering`): the `error` that was handled,
    what the handler ended in (`inner`), and the flow's `register` then and at the handler's end.
    """

    def __init__(
        self,
        error: Exception,
        inner: "Exception | FlowEnded | None" = None,
        register: int = 0,
        handler_register: int = 0,
    ) -> None:
        super().__init__()
        self.error = error
        self.inner = inner
        self.register = register
        self.handler_register = handler_register

    @property
    def unhandled(self) -> Exception | None:
        """The error that no handler was left for; None if all went well."""
        return self.inner.unhandled if isinstance(self.inner, FlowEnded) else self.inner


class SourceEnded(BaseException):
    """The source has nothing more to give."""


class TurnAgain(BaseException):
    """A profile went on while the turn's first node waited: the turn runs anew, and is recorded."""


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
