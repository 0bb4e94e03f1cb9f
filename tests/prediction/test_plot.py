"""Latency over rate, drawn."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from predicted.models import image_model
from predicted.reports import SLO, grid, sweep

from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.observations import Observation
from flux.simulation.prediction.reports.plot import NothingToPlotError, as_svg

GOLDEN = Path(__file__).parent / "reports"
SVG = "{http://www.w3.org/2000/svg}"


def seen(cpus, rate, value):
    return Observation(cpus, rate, {"p95": Estimate(value, 0.9 * value, 1.1 * value)})


OBSERVED = (seen(1, 50, 0.04), seen(1, 100, 0.1), seen(2, 100, 0.033), seen(8, 100, 0.03))


def texts(svg):
    return [element.text for element in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 - our own


def kinds(svg):
    root = ET.fromstring(svg)  # noqa: S314 - our own
    return [element.get("class") for element in root.iter() if element.get("class")]


def test_the_picture_is_like_this(golden):
    golden(GOLDEN / "grid.svg", as_svg(grid(), "p95", OBSERVED))


def test_there_is_a_line_for_each_number_of_processors():
    found = texts(as_svg(grid(), "p95"))
    assert {"1 processor", "2 processors", "4 processors"} <= set(found)


def test_what_was_predicted_is_dotted_with_a_band():
    found = kinds(as_svg(grid(), "p95"))
    assert found.count("line predicted s0") == found.count("band s0") == 1
    assert "line s0" not in found


def test_what_was_observed_is_solid_with_dots():
    found = kinds(as_svg(grid(), "p95", OBSERVED))
    assert found.count("dot s0") == 2
    assert "line s0" in found


def test_machines_that_were_only_observed_are_drawn_too():
    assert "8 processors" in texts(as_svg(grid(), "p95", OBSERVED))


def test_the_objective_is_a_line_in_the_picture_of_its_latency():
    assert "p95 within 50 ms" in texts(as_svg(grid(), "p95"))
    assert "p95 within 50 ms" not in texts(as_svg(grid(), "mean"))


def test_pools_have_lines_of_their_own():
    shown = sweep(image_model(100, threads=8), threads=[2, 4], rates=[50.0, 100.0])
    assert {"2 threads", "4 threads"} <= set(texts(as_svg(shown, "mean")))


def test_a_name_is_text_whatever_is_in_it():
    model = replace(image_model(), program='<b>&"\x00.flux')
    assert texts(as_svg(sweep(model, rates=[50.0, 100.0]), "mean"))[0].startswith('<b>&"')


@pytest.mark.parametrize("rates", [[50.0], [50.0, 500.0], [500.0, 600.0]])
def test_one_point_is_no_picture(rates):
    with pytest.raises(NothingToPlotError, match="latencies at two rates at least"):
        as_svg(sweep(rates=rates), "mean")


def test_latencies_without_a_bound_stay_in_the_picture():
    point = grid().points[0]
    estimates = dict(point.prediction.estimates)
    estimates["latency", "p95"] = Estimate(0.1, 0.05, float("inf"))
    first = replace(point, prediction=replace(point.prediction, estimates=estimates))
    shown = replace(grid(), points=(first, *grid().points[1:]), objective=SLO)
    assert "inf" not in as_svg(shown, "p95")
