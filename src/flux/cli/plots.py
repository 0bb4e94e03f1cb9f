"""Pictures of predictions in files: SVG by ourselves, PNG by rsvg-convert."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import click

from flux.cli.files import FileTrouble, clear_errors, shown, write
from flux.cli.folders import refuse_lost
from flux.simulation.prediction.objectives import Objective
from flux.simulation.prediction.observations import Observation, ObservationError, observations
from flux.simulation.prediction.reports.contents import Sweep
from flux.simulation.prediction.reports.plot import NothingToPlotError, as_svg

CONVERTER = "rsvg-convert"
TIMEOUT = 60
ZOOM = "2"
MOST_BYTES = 1 << 24
KINDS = (".svg", ".png")


def refuse_plot(path: Path, rates: Sequence[float] | None) -> None:
    """Tell before all simulating that there would be no picture.

    Raises:
        click.UsageError: There are too few rates, or the file's kind can't be written.
    """
    if path.suffix.lower() not in KINDS:
        raise click.UsageError(f"--plot writes .svg and .png, and {shown(path)} is neither")
    if not rates or len(rates) <= 1:
        raise click.UsageError("--plot draws latency over rate: give a range, as --rate 50:500:50")
    refuse_lost(path)
    if path.suffix.lower() == ".png" and shutil.which(CONVERTER) is None:
        raise click.UsageError(
            f"PNG needs {CONVERTER}, which isn't here: install it, as with `apt install"
            " librsvg2-bin`, or write an .svg"
        )


def drawn_latency(objective: Objective | None) -> str:
    """The latency that a picture is of: that of the objective, or else the mean."""
    return objective.name if objective else "mean"


def write_plot(sweep: Sweep, path: Path, latency: str, observed: Sequence[Observation]) -> None:
    """Draw one latency of what was predicted, and of what was observed."""
    try:
        picture = as_svg(sweep, latency, observed)
    except NothingToPlotError as error:
        raise click.ClickException(f"{shown(path)} isn't drawn: {error}") from None
    is_png = path.suffix.lower() == ".png"
    write(path, _png(picture) if is_png else picture)
    click.echo(f"wrote {shown(path)}", err=True)


def observed_in(path: Path, latency: str) -> tuple[Observation, ...]:
    """The observations in a file, some of which are of the latency that is drawn."""
    with clear_errors(path), path.open("rb") as file:
        data = file.read(MOST_BYTES)
    try:
        found = observations(data.decode("utf-8-sig"), shown(path))
    except UnicodeDecodeError:
        raise FileTrouble(f"{shown(path)} is no UTF-8 text: save it as UTF-8") from None
    except ObservationError as error:
        raise FileTrouble(str(error)) from None
    _refuse_undrawn(path, found, latency)
    return found


def _refuse_undrawn(path: Path, found: Sequence[Observation], latency: str) -> None:
    """Tell that none of what was observed would be in the picture."""
    if not any(latency in each.latencies for each in found):
        other = next(iter(found[0].latencies))
        raise FileTrouble(
            f"{shown(path)} has no `{latency}`, which --plot draws: add a column `{latency}`, or"
            f" draw what it has, as with --slo {other}=50ms"
        )


def _png(picture: str) -> bytes:
    """The picture in pixels."""
    command = [CONVERTER, "--zoom", ZOOM, "--format", "png"]
    try:
        made = subprocess.run(  # noqa: S603 - a fixed command
            command, input=picture.encode(), capture_output=True, timeout=TIMEOUT, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise FileTrouble(f"{CONVERTER} failed: {error}; write an .svg instead") from None
    return made.stdout
