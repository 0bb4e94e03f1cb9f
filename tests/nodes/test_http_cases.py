"""What the HTTP codec makes of the cases that it shares with its C++ twin."""

import pytest
from http_cases import CASES, Case, conforms
from http_cases import outcome as outcome_of

from flux.nodes.http import Limits

MOST_CUTS = 250
GOOD = b"GET / HTTP/1.0\r\n\r\n"


def outcome(case: Case, pieces: list[bytes]) -> list[str]:
    return outcome_of(pieces, Limits(**case.limits))


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request) -> Case:
    return request.param


def test_case_is_read_as_the_table_says(case):
    found = outcome(case, [case.data])
    assert len(found) == len(case.expected)
    assert all(map(conforms, found, case.expected)), found


def test_case_is_read_the_same_when_it_is_cut_anywhere(case):
    whole = outcome(case, [case.data])
    data = case.data
    for cut in range(0, len(data), 1 + len(data) // MOST_CUTS):
        assert outcome(case, [data[:cut], data[cut:]]) == whole


def test_case_is_read_the_same_byte_by_byte(case):
    pieces = [case.data[i : i + 1] for i in range(len(case.data))]
    assert outcome(case, pieces) == outcome(case, [case.data])


def test_case_is_read_the_same_behind_another_request(case):
    assert outcome(case, [GOOD + case.data]) == ["GET / 1.0 closes", *outcome(case, [case.data])]


def test_table_has_many_cases_of_different_names():
    assert len({case.name for case in CASES}) == len(CASES) > 600
