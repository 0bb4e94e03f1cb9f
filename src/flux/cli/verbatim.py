"""Commands that know the words they were called with, to have them said again."""

import click

_KEY = "flux.cli.verbatim"


class Verbatim(click.Command):
    """A command that keeps its words before they are parsed."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the words, then parse them."""
        ctx.meta[_KEY] = tuple(args)
        return super().parse_args(ctx, args)


def words() -> tuple[str, ...]:
    """What stood behind the name of the command that is at work."""
    said: tuple[str, ...] = click.get_current_context().meta[_KEY]
    return said
