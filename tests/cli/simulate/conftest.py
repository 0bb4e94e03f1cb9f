"""`flux simulate`, with a stand-in for the engines and for what makes models."""

from dataclasses import replace
from functools import partial

import msgspec
import pytest
from cli.simulate.stand_ins import FAST, WrongError, by_hand, edited
from predicted.engine import ENGINE
from predicted.models import image_model
from predicted.profiles import measured_profile

from flux.simulation.prediction import wiring
from flux.simulation.prediction.alternatives import Alternative
from flux.simulation.prediction.replications import Subject
from flux.simulation.prediction.settings import Setting, applied
from flux.simulation.prediction.wiring import Finer


@pytest.fixture(autouse=True)
def stand_in(monkeypatch):
    model = image_model(100, threads=8)
    more = Alternative("cache=reader", partial(applied, setting=Setting(cpus=2)), "{cache?}")
    for name, function in {
        "engine": lambda: ENGINE,
        "troubles": lambda: (WrongError,),
        "template": lambda plan: f"# {plan.name}\n",
        "by_hand": by_hand(model),
        "measured": lambda _profiles, _plan, names, sessions: Subject(
            replace(model, sessions=sessions or 1), None, (f"{names[0]} is short",)
        ),
        "edited": edited,
        "finer": lambda *_: Finer((more,), ("no cache: too bold",)),
    }.items():
        monkeypatch.setattr(wiring, name, function)


@pytest.fixture
def parameters(tmp_path):
    path = tmp_path / "lines.toml"
    path.write_text("# by hand\n")
    return path


@pytest.fixture
def profile(tmp_path):
    path = tmp_path / "lines.profile.json"
    path.write_bytes(msgspec.json.encode(measured_profile()))
    return path


@pytest.fixture
def simulate(flux, program, parameters):
    """The command with parameters written by hand, and little to simulate."""
    return partial(flux, "simulate", program, "--parameters", parameters, *FAST)
