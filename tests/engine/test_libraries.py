"""Unmodified libraries that block, libcurl and libpq, in flows that share one thread."""

import subprocess
import time
from functools import partial
from pathlib import Path

import processes
import pytest
from peers import postgres, web

from flux.cli.run_cpp import built
from flux.toolchain.manifest import Flags

# The engine is compiled once for all of these tests; with a busy machine that takes its time.
pytestmark = [pytest.mark.usefixtures("flux_cache"), pytest.mark.timeout(400)]

LIBRARIES = Path(__file__).parent / "libraries"
PATIENCE = 120.0  # seconds: the machine may be busy
FETCHES = 100
QUERIES = 50
DELAY = 0.2  # seconds
HELPERS = 10  # more threads than the engine has beside those of flows


@pytest.fixture(scope="module")
def fetch(flux_cache):  # noqa: ARG001 - where the engine is compiled
    return built(LIBRARIES / "fetch.flux", (), Flags()).binary


@pytest.fixture(scope="module")
def query(flux_cache):  # noqa: ARG001 - where the engine is compiled
    return built(LIBRARIES / "query.flux", (), Flags()).binary


@pytest.fixture(params=["thread", "event"])
def runtime(request):
    return request.param


@pytest.fixture
def threads(runtime):
    """How many threads run the nodes of so many flows at a time."""
    return {"thread": lambda flows: flows, "event": lambda _: 1}[runtime]


@pytest.fixture
def run(runtime):
    """Run a program to its end, and give what it tells of each of its flows, in their order."""

    def call(binary, *arguments, started=lambda _: None):
        command = [binary, "--runtime", runtime, "--", *map(str, arguments)]
        with processes.started(command, stdout=subprocess.PIPE, text=True) as process:
            started(process)
            told, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        return sorted((line.split("\t") for line in told.splitlines()), key=lambda row: int(row[0]))

    return call


@pytest.fixture(scope="module")
def server():
    with postgres.running() as running:
        yield running


@pytest.fixture
def database(server):
    """Where sessions can meet, none of which has come."""
    server.prepare_meeting()
    return server.database("flux")


def columns(rows):
    return tuple(map(list, zip(*rows, strict=True)))


def pages(count):
    return [f"this is /{number}" for number in range(1, count + 1)]


def test_transfers_of_libcurl_are_all_under_way_at_once(fetch, run, threads):
    meeting = web.Meeting(FETCHES)
    with web.serving(meeting) as address:
        rows = run(fetch, address, FETCHES, started=meeting.watch)
    _, texts, seen = columns(rows)
    [alive] = meeting.threads
    assert texts == pages(FETCHES)
    assert len(set(seen)) == threads(FETCHES)
    assert set(map(int, seen)) <= alive
    assert len(alive) <= threads(FETCHES) + HELPERS


def test_transfers_of_libcurl_wait_beside_each_other(fetch, run):
    with web.serving(partial(time.sleep, DELAY)) as address:
        began = time.monotonic()
        _, texts, _ = columns(run(fetch, address, FETCHES))
        took = time.monotonic() - began
    assert texts == pages(FETCHES)
    assert took < FETCHES * DELAY / 2


def test_an_exception_is_its_flows_own_after_its_catch_block_has_waited(fetch, run):
    meeting = web.Meeting(FETCHES)
    with web.serving(meeting) as address:
        rows = run(fetch, f"{address}/lost", FETCHES, started=meeting.watch)
        error = f"{address}/lost/{{}}: HTTP response code said error"
    numbers, texts = columns(rows)
    assert texts == list(map(error.format, numbers))
    assert len(meeting.threads) == 2, "all were to wait before the exceptions, and in them"


def test_queries_of_libpq_are_all_under_way_at_once(server, database, query, run, threads):
    with server.gate():
        rows = run(query, database, f"SELECT meet({QUERIES})", QUERIES)
    numbers, answers, seen = columns(rows)
    assert sorted(answers) == sorted(numbers)
    assert len(set(seen)) == threads(QUERIES)


def test_queries_of_libpq_wait_beside_each_other(database, query, run):
    began = time.monotonic()
    rows = run(query, database, f"VALUES (42, pg_sleep({DELAY}))", QUERIES)
    took = time.monotonic() - began
    _, answers, _ = columns(rows)
    assert answers == ["42"] * QUERIES
    assert took < QUERIES * DELAY / 2


def test_a_query_that_fails_after_it_has_waited_gives_its_error(server, database, query, run):
    with server.gate():
        rows = run(query, database, f"SELECT meet({QUERIES}) / 0", QUERIES)
    _, errors = columns(rows)
    assert errors == ["ERROR:  division by zero "] * QUERIES


def test_a_connection_that_is_lost_while_its_flow_waits_gives_its_error(database, query, run):
    rows = run(query, database, f"SELECT outlive({QUERIES})", QUERIES)
    [answer] = [row[1] for row in rows if len(row) == 3]
    errors = [row[1] for row in rows if len(row) == 2]
    assert answer == str(QUERIES)
    assert len(errors) == QUERIES - 1
    assert len(set(errors)) == 1
    assert errors[0].startswith("FATAL:  terminating connection due to administrator command ")
    assert "server closed the connection unexpectedly" in errors[0]
