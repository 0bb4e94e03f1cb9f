"""Models under other settings."""

from dataclasses import replace

import pytest
from predicted.models import image_model, single

from flux.simulation.model import Closed, Open, Source
from flux.simulation.prediction.demands import offered
from flux.simulation.prediction.settings import Setting, SettingError, applied, crowded
from flux.simulation.times import Constant


def test_what_is_not_set_stays():
    model = image_model(processors=3, threads=8)
    assert applied(model, Setting()) == model


def test_each_part_of_a_setting_counts():
    machine = applied(image_model(), Setting(cpus=4, threads=16, max_flows=100)).machine
    assert (machine.processors, machine.threads, machine.max_flows) == (4, 16, 100)


def test_sources_keep_their_parts_of_the_rate():
    model = single(50)
    model = replace(model, sources=(*model.sources, Source("Timer", Open(Constant(0.04)), ())))
    changed = applied(model, Setting(rate=150))
    assert offered(changed) == pytest.approx(150)
    assert changed.sources[1].arrivals.between.value == pytest.approx(0.02)


def test_clients_that_wait_have_no_rate_to_set():
    model = single()
    model = replace(model, sources=(replace(model.sources[0], arrivals=Closed(3, Constant(1))),))
    with pytest.raises(SettingError, match="source Listen has clients that wait"):
        applied(model, Setting(rate=10))


def test_a_model_without_arrivals_has_no_rate_to_set():
    with pytest.raises(SettingError, match="no source sends any flow"):
        applied(replace(single(), sources=()), Setting(rate=10))


def test_loops_have_no_pool():
    with pytest.raises(SettingError, match="leave --threads away"):
        applied(single(loops=True), Setting(threads=8))


def test_a_crowd_keeps_every_thread_busy():
    source = crowded(image_model(threads=8)).sources[0]
    assert source.arrivals.clients == 16
    assert [route.weight for route in source.routes] == pytest.approx([0.7, 0.3])
