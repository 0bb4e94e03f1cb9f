"""Many settings."""

import pytest
from predicted.engine import run
from predicted.models import single

from flux.simulation.prediction.replications import Effort, Subject
from flux.simulation.prediction.settings import Setting, SettingError
from flux.simulation.prediction.sweeps import settings, swept, under

FAST = Effort(runs=3, flows=500)


def test_the_rate_changes_fastest():
    assert settings(cpus=[1, 2], rates=[50.0, 100.0]) == [
        Setting(cpus=1, rate=50.0),
        Setting(cpus=1, rate=100.0),
        Setting(cpus=2, rate=50.0),
        Setting(cpus=2, rate=100.0),
    ]


def test_without_anything_to_vary_there_is_the_models_own():
    assert settings() == [Setting()]


def test_points_come_as_soon_as_they_are_done():
    points = swept(Subject(single()), run, FAST, settings(rates=[20.0, 50.0, 80.0]))
    assert next(points).setting.rate == 20


def test_more_processors_and_lower_rates_are_faster():
    chosen = settings(cpus=[1, 2], rates=[40.0, 80.0])
    points = swept(Subject(single()), run, FAST, chosen)
    means = [point.prediction.latency("mean").value for point in points]
    assert means[0] < means[1] > means[3] > means[2]


def test_saturated_settings_stand_among_the_others():
    points = list(swept(Subject(single()), run, FAST, settings(rates=[50.0, 150.0])))
    assert [point.prediction.is_saturated for point in points] == [False, True]


def test_a_setting_that_can_not_be_is_found_before_anything_runs():
    with pytest.raises(SettingError):
        under(Subject(single(loops=True)), Setting(threads=4))
