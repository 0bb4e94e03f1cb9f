"""The pictures in the docs are what the commands beside them draw."""

from pathlib import Path

from click.testing import CliRunner

from flux.cli import main

ROOT = Path(__file__).resolve().parents[2]


def test_the_picture_of_the_image_server(golden):
    program = str(ROOT / "examples/image/image.flux")
    drawn = CliRunner().invoke(main, ["graph", "--format", "svg", program], catch_exceptions=False)
    golden(ROOT / "docs/pictures/image.svg", drawn.stdout)
