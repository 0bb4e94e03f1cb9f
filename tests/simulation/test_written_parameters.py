"""Models and times, written as parameters and read back as they were."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from measured.image import SECOND, image_profile
from properties.programs import programs
from simulation.shop import SHOP_PLAN, changed, plan_of, read

from flux.plan.contract import fingerprint
from flux.simulation.calibration.calibrate import calibrate
from flux.simulation.parameters import durations
from flux.simulation.parameters.distributions import read_time, written_time
from flux.simulation.parameters.mistakes import Mistakes
from flux.simulation.parameters.template import template, written
from flux.simulation.routes.steps import Routes
from flux.simulation.times import (
    Constant,
    Empirical,
    Erlang,
    Exponential,
    Hyperexponential,
    Lognormal,
    Uniform,
)

EXAMPLE = Path(__file__).parents[2] / "examples" / "image" / "image.flux"
IMAGE = plan_of(EXAMPLE.read_text(), "image.flux")
PROFILE = image_profile(fingerprint=fingerprint(IMAGE), elapsed=1000 * SECOND)


def test_calibrated_model_is_written_and_read_back_as_it_is():
    model = calibrate(PROFILE, Routes(IMAGE), name="a profile").model
    assert read(written(model, IMAGE), IMAGE) == model


def test_written_model_says_how_probable_cases_and_errors_were():
    text = written(calibrate(PROFILE, Routes(IMAGE), name="a profile").model, IMAGE)
    assert '"[_, hit]" = 0.7692307692307693' in text
    assert re.search(r"\[functions.ReadInFromDisk\]\nerrors = 0.33333", text)


def test_source_without_flows_is_written_as_such():
    model = changed("rate = 10.0", "rate = 0")
    assert read(written(model, SHOP_PLAN)) == model


@settings(max_examples=25, deadline=None)
@given(programs)
def test_template_of_any_program_is_valid(text):
    plan = plan_of(text)
    assume(max(loop.ways.total for loop in plan.sources) <= 2000)
    model = read(template(plan), plan)
    assert read(written(model, plan), plan) == model


positive = st.floats(min_value=1e-12, max_value=1e6)
weights = st.floats(min_value=1e-6, max_value=1e6)
counts = st.integers(min_value=1, max_value=10**9)
TIMES = st.one_of(
    st.builds(Constant, positive),
    st.builds(Exponential, positive),
    st.builds(lambda a, b: Uniform(min(a, b), max(a, b)), positive, positive),
    st.builds(Erlang, positive, st.integers(1, 1000)),
    st.builds(Lognormal, positive, st.floats(min_value=0, max_value=100)),
    st.builds(
        lambda pairs: Hyperexponential(*map(tuple, zip(*pairs, strict=True))),
        st.lists(st.tuples(positive, weights), min_size=1, max_size=5),
    ),
    st.builds(
        lambda first, rest: Empirical(
            (0.0, *sorted([first, *(b for b, _ in rest)])), (1, *(c for _, c in rest))
        ),
        positive,
        st.lists(st.tuples(positive, counts), max_size=5),
    ),
)


@given(TIMES)
def test_written_times_are_read_back_exactly(time):
    text = f"time = {written_time(time)}"
    mistakes = Mistakes("times.toml", text)

    assert read_time(mistakes, ("time",), tomllib.loads(text)["time"]) == time
    mistakes.check()


@given(st.floats(min_value=0, max_value=1e9))
def test_written_durations_are_read_back_exactly(value):
    assert durations.seconds(durations.text_of(value)) == value


@pytest.mark.parametrize(
    ("value", "text"), [(0.002, "2ms"), (0.00015, "150us"), (0.5, "500ms"), (3, "3s"), (0, "0s")]
)
def test_durations_are_written_as_people_do(value, text):
    assert durations.text_of(value) == text
