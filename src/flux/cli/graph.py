"""`flux graph`."""

from pathlib import Path

import click

from flux.cli.files import OUTPUT, READABLE, STANDARD, FileTrouble, deliver, shown
from flux.cli.profiles import TOKEN_FILE, is_file, taken
from flux.cli.programs import compiled
from flux.graph.draw import TooLargeToDrawError, as_dot, as_mermaid
from flux.graph.model import ProgramGraph
from flux.plan.contract import fingerprint
from flux.plan.model import Plan
from flux.profile.model import Profile
from flux.render.characters import clean

FORMS = ("dot", "mermaid", "svg")


@click.command(epilog="Example: flux graph image.flux --format svg -o image.svg")
@click.argument("program", type=READABLE)
@click.option("--format", "form", type=click.Choice(FORMS), default="dot", show_default=True)
@click.option(
    "--profile",
    "measured",
    metavar="FILE_OR_ADDRESS",
    help="Show where a server's time goes, with `svg` or `dot`: a profile, or where a server tells"
    " its own, such as 127.0.0.1:9100.",
)
@TOKEN_FILE
@OUTPUT
def graph(
    program: Path, form: str, measured: str | None, token_file: Path | None, output: Path | None
) -> None:
    """Draw a program as SVG, or for Graphviz or Mermaid."""
    if measured and form == "mermaid":
        raise click.UsageError("Mermaid shows no profiles; --format svg and --format dot do")
    drawn, plan = compiled(program)
    profile = _profile(measured, token_file, plan) if measured else None
    name = "<stdin>" if program == STANDARD else program.name
    try:
        picture = _picture(drawn, name, form, profile)
    except TooLargeToDrawError as error:
        raise click.ClickException(str(error)) from None
    deliver(picture, output)


def _picture(drawn: ProgramGraph, name: str, form: str, profile: Profile | None) -> str:
    if form == "mermaid":
        return as_mermaid(drawn)
    if form == "dot" and profile is None:
        return as_dot(drawn)
    # Only these need the layout, and what reads profiles.
    from flux.picture.dot import as_hot_dot  # noqa: PLC0415
    from flux.picture.svg import as_svg  # noqa: PLC0415

    if form == "dot" and profile:
        return as_hot_dot(drawn, profile)
    return as_svg(drawn, name, profile)


def _profile(origin: str, token_file: Path | None, plan: Plan) -> Profile:
    """A profile of this program and of no other one."""
    profile = taken(origin, token_file)
    _check_program(shown(Path(origin)) if is_file(origin) else origin, profile, plan)
    return profile


def _check_program(name: str, profile: Profile, plan: Plan) -> None:
    if profile.fingerprint is None:
        click.echo(
            f"warning: {name} doesn't say of which program it is; what fits {plan.name} is shown",
            err=True,
        )
    elif profile.fingerprint != fingerprint(plan):
        raise FileTrouble(
            f"{name} is the profile of another program, {clean(profile.program)!r} or another"
            f" version of it; take one of {plan.name} as it is now"
        )
