import logging
import os

import pytest
from hypothesis import HealthCheck, Phase, settings

PROGRAMS = int(os.environ.get("FLUX_PROGRAMS", "300"))
SHARD = min(100, PROGRAMS)

settings.register_profile(
    "properties",
    max_examples=SHARD,
    derandomize=False,  # shards would all try the same
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile(
    "runs",
    settings.get_profile("properties"),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # what threads do can't be shrunk
)


@pytest.fixture(scope="module", params=range(-(-PROGRAMS // SHARD)))
def shard(request):
    """A hundred programs: what one process tries before it reports progress."""
    return request.param


@pytest.fixture(scope="module", autouse=True)
def _silent_log():
    """Scripted failures are not worth a word."""
    log = logging.getLogger("flux")
    level = log.level
    log.setLevel(logging.CRITICAL)
    yield
    log.setLevel(level)
