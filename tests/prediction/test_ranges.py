"""Numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux.simulation.prediction.ranges import RangeError, numbers, whole


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4", (4,)),
        ("1,2,4", (1, 2, 4)),
        ("4, 1", (1, 4)),
        ("50:200:50", (50, 100, 150, 200)),
        ("50:120:50", (50, 100)),
        ("2:4", (2, 3, 4)),
        ("1,2:4,3", (1, 2, 3, 4)),
        ("0.1:0.3:0.1", (0.1, 0.2, 0.3)),
        ("3:3", (3,)),
    ],
)
def test_numbers_are_read(text, found):
    assert numbers(text) == found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a number is missing in ''"),
        ("1,,2", "a number is missing in '1,,2'"),
        ("fast", "'fast' in 'fast' is no number: write numbers as 1,2,4, or FROM:TO:STEP"),
        ("-1", "-1 in '-1' is too small"),
        ("1e9", "'1e9' in '1e9' is no number"),
        ("1:2:3:4", "'1:2:3:4' has too many colons"),
        ("5:1", "'5:1' ends before it begins"),
        ("1:5:0", "0 in '1:5:0' is too small"),
        ("0", "0 in '0' is too small"),
        ("1:999999999", "means more than 10,000 numbers: take a larger step"),
        ("1:9000,10001:19000", "means more than 10,000 numbers"),
    ],
)
def test_what_gives_no_numbers_is_refused_with_a_remedy(text, message):
    with pytest.raises(RangeError) as error:
        numbers(text)
    assert message in str(error.value)


def test_there_is_no_half_of_a_processor():
    with pytest.raises(RangeError, match=r"1\.5 in '1\.5' isn't a whole number"):
        whole("1.5")


@given(st.text(st.sampled_from("0123456789.,: "), max_size=20))
def test_any_text_gives_numbers_or_a_reason(text):
    try:
        found = numbers(text)
    except RangeError:
        return
    assert found
    assert list(found) == sorted(set(found))
