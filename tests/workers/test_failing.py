"""Workers that don't come to serve, that hang, and that die again and again."""

import signal
import socket

import pytest

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler


def test_a_program_that_does_not_come_to_serve_is_not_tried_again(serve):
    status, errors = serve("fail", count=3).end()
    assert status
    told = f"flux: worker 0 has ended with {status} before it served: the server doesn't start\n"
    assert errors.endswith(told)
    assert errors.count("worker") == 1


def test_a_worker_that_cannot_serve_beside_the_others_ends_the_server(serve_python):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    status, errors = serve_python("alone", port).end()
    assert status == 1
    assert "Address already in use" in errors
    assert "worker 1 has ended with 1 before it served" in errors


def test_a_worker_that_dies_again_and_again_ends_the_server(serve_python, tmp_path):
    server = serve_python("fail later", tmp_path / "served", count=1)
    assert server.connect(b"die").recv(99) == b""
    status, errors = server.end()
    assert (status, errors.splitlines()) == (
        7,
        [
            "flux: worker 0 has ended with 9: another one starts now",
            "flux: worker 0 has ended with 7: another one starts in 0.1 s",
            "flux: worker 0 has ended with 7, as those before it: the server gives up",
        ],
    )


def test_a_worker_that_hangs_in_its_start_is_killed_and_ends_the_server(serve):
    status, errors = serve("hang in init", start_timeout=0.1).end()
    assert status == 128 + signal.SIGKILL
    assert errors.endswith(
        "flux: worker 0 doesn't serve after 0.1 s, and is killed; --start-timeout gives it more"
        " time\nflux: worker 0 was ended by signal 9 (Killed) before it served: the server doesn't"
        " start\n"
    )


def test_a_worker_that_hangs_where_others_served_is_tried_again_and_not_for_ever(
    serve_python, tmp_path
):
    server = serve_python("hang later", tmp_path / "served", count=1)
    assert server.connect(b"die").recv(99) == b""
    status, errors = server.end()
    assert status == 128 + signal.SIGKILL
    killed = "flux: worker 0 was ended by signal 9 (Killed)"
    assert [line for line in errors.splitlines() if "doesn't serve after 30 s" not in line] == [
        "flux: worker 0 has ended with 9: another one starts now",
        f"{killed}: another one starts in 0.1 s",
        f"{killed}, as those before it: the server gives up",
    ]
    assert errors.count("doesn't serve") == 2


def test_a_worker_that_does_not_end_is_killed(serve_python):
    server = serve_python("hang", drain=0.0, count=1)
    server.process.terminate()
    status, errors = server.end()
    assert status == 128 + signal.SIGKILL
    assert "worker 0 does not end, and is killed" in errors
