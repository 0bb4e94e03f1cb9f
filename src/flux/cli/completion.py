"""`flux completion`: scripts for shells, which ask `flux` itself what may come next.

They ask as click has it: the words are in the environment, and so is the shell's name. Click's own
scripts know no files of one kind.
"""

from pathlib import Path

import click

from flux.cli.files import deliver

SHELLS = ("bash", "zsh", "fish")
SCRIPTS = Path(__file__).parent / "shells"


@click.command(epilog="Example: flux completion fish > ~/.config/fish/completions/flux.fish")
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print a script that completes commands, options and programs in a SHELL.

    \b
    Where to install it:
      bash  echo 'eval "$(flux completion bash)"' >> ~/.bashrc
      zsh   echo 'eval "$(flux completion zsh)"' >> ~/.zshrc, below `compinit`
      fish  flux completion fish > ~/.config/fish/completions/flux.fish
    """  # noqa: D301 - click's mark of lines that stay as they are
    deliver((SCRIPTS / f"flux.{shell}").read_text(encoding="utf-8"), None)
