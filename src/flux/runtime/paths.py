"""The way that a flow took through its program."""

from traceback import walk_tb

from flux.runtime.program import Source


def describe(_plan: object, source: Source, exception: BaseException) -> str:
    """The routines of the generated program that a failed flow was in, outermost first."""
    generated = source.flow.__code__.co_filename
    frames = [frame.f_code for frame, _ in walk_tb(exception.__traceback__)]
    routines = [code.co_name for code in frames if code.co_filename == generated]
    return " -> ".join([source.name, *routines])
