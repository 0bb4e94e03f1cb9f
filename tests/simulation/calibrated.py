"""Models of the image server, calibrated with its made-up profile."""

from pathlib import Path

from measured.image import SECOND, image_profile

from flux.driver import compile_program
from flux.plan.contract import fingerprint
from flux.profile.model import Served
from flux.simulation.calibration.calibrate import calibrate
from flux.simulation.routes.steps import Routes
from flux.source import SourceFile

EXAMPLE = Path(__file__).parents[2] / "examples" / "image" / "image.flux"


def routes_of(text, name="image.flux"):
    plan = compile_program(SourceFile(name, text)).plan
    assert plan is not None
    return Routes(plan)


IMAGE = routes_of(EXAMPLE.read_text())
CALM = {"fingerprint": fingerprint(IMAGE.plan), "elapsed": 1000 * SECOND}
SERVED = Served("cpp", "pool", 2, 4711, threads=8, queue=1024)


def calibrated(profile=None, **changes):
    profile = profile or image_profile(**(CALM | changes))
    return calibrate(profile, IMAGE, name="image.profile.json")


def function(model, name):
    return next(each for each in model.functions if each.name == name)
