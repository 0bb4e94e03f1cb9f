"""Libraries with code of their own in C: calls that fifty threads make are all under way at once.

Each is answered only when all have come, so a call that held up the others would never end.
"""

import json
import subprocess
import sys
from pathlib import Path

import processes
import pytest
from peers import postgres, redis_server, web

pytestmark = pytest.mark.timeout(400)

LIBRARIES = Path(__file__).parent / "libraries"
CALLS = 50
PATIENCE = 120.0  # seconds: the machine may be busy


@pytest.fixture
def made(engine):  # noqa: ARG001 - it is found in its cache
    """What the calls of a program give that are made by one thread of the system."""

    def run(program, *words, started=lambda _: None):
        interpreter = [sys.executable, "-P", "-m", "flux.cli", "fibers"]
        command = [*interpreter, LIBRARIES / f"{program}.py", *words]
        with processes.started(command, stdout=subprocess.PIPE, text=True) as process:
            started(process)
            told, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        results, carriers = json.loads(told)
        assert carriers == 1
        return results

    return run


@pytest.mark.parametrize("library", ["pycurl", "requests", "httpx"])
def test_transfers_wait_beside_each_other(library, made):
    meeting = web.Meeting(CALLS)
    with web.serving(meeting) as address:
        pages = made(f"fetch_{library}", address, str(CALLS), started=meeting.watch)
    assert pages == [f"this is /{number}" for number in range(CALLS)]
    assert len(meeting.threads) == 1


def test_queries_of_psycopg2_wait_beside_each_other(made):
    with postgres.running() as server:
        server.prepare_meeting()
        with server.gate():
            arrivals = made("query_psycopg2", server.database("flux"), str(CALLS))
    assert sorted(arrivals) == list(range(1, CALLS + 1))


def test_clients_of_redis_wait_beside_each_other(made):
    with redis_server.running() as socket:
        gifts = made("pop_redis", socket, str(CALLS))
    assert sorted(gifts) == list(range(CALLS))


def test_connections_of_sqlite3_wait_beside_the_one_that_has_the_lock(made, tmp_path):
    assert made("lock_sqlite3", tmp_path / "data", str(CALLS)) == [-1, *range(1, CALLS)]


def test_functions_that_sqlite3_calls_may_wait(made):
    assert made("call_sqlite3", str(CALLS)) == list(range(CALLS))
