"""Programs as arguments of commands."""

import click
from click.shell_completion import CompletionItem


class ProgramPath(click.Path):
    """A file, which shells complete to programs only."""

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 -- click's signature
        param: click.Parameter,  # noqa: ARG002 -- the same
        incomplete: str,
    ) -> "list[CompletionItem[str]]":  # click has had it generic since 8.5
        """Leave it to the script in `flux.cli.shells` to look at the files."""
        return [CompletionItem(incomplete, type="program")]
