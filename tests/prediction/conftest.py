"""Reports to be shown, made by the stand-in for the engines."""

import pytest
from predicted.reports import REPORTS


@pytest.fixture(params=REPORTS)
def report(request):
    """Each kind of report, with its name."""
    return request.param, REPORTS[request.param]()
