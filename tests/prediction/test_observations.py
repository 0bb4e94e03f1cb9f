"""What real servers did, from CSV."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.observations import ObservationError, observations


def test_a_line_is_an_observation():
    (found,) = observations("cpus,rate,mean,p95\n2,50,0.01,0.03\n", "seen.csv")
    assert (found.cpus, found.rate) == (2, 50)
    assert found.latencies["p95"] == Estimate(0.03, 0.03, 0.03)


def test_intervals_may_be_told():
    (found,) = observations("rate,p95,p95_low,p95_high\n50,0.03,0.02,0.05\n", "seen.csv")
    assert found.cpus is None
    assert found.latencies == {"p95": Estimate(0.03, 0.02, 0.05)}


def test_other_columns_and_lines_without_latencies_are_left_out():
    text = "rate,mean,note\n50,0.01,cold\n60,,saturated\n"
    assert [each.rate for each in observations(text, "seen.csv")] == [50]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "seen.csv, line 1: there is no column `rate`"),
        ("rate,cpus\n5,1\n", "seen.csv, line 1: there is no latency; name one column mean"),
        ("rate,mean\n", "seen.csv has no line with a latency"),
        ("rate,mean\n50,fast\n", "seen.csv, line 2: mean is 'fast', and no number from 0"),
        ("rate,mean\n50,-1\n", "seen.csv, line 2: mean is '-1'"),
        ("rate,mean\n50,nan\n", "seen.csv, line 2: mean is 'nan'"),
        ("rate,mean\n50,0.1\n,0.2\n", "seen.csv, line 3: the rate is missing"),
        ("rate,mean\n" + "1,1\n" * 10_001, "seen.csv has more than 10,000 lines"),
    ],
)
def test_what_can_not_be_read_is_told_with_its_place(text, message):
    with pytest.raises(ObservationError) as error:
        observations(text, "seen.csv")
    assert message in str(error.value)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    for start in ("", "rate,mean\n"):
        try:
            observations(start + text, "seen.csv")
        except ObservationError:
            continue
