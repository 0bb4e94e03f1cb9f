"""A listener that the system refuses something: descriptors, or clients that have gone."""

import errno
import os
import resource

import pytest
from nodes.connections import has_ended


@pytest.fixture
def no_more_descriptors():
    """Sets the limit so that the next descriptors can't be had, until called again."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)

    def forbid() -> None:
        lowest_free = os.dup(0)
        os.close(lowest_free)
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, limits[1]))

    yield forbid
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_without_descriptors_new_clients_are_closed_and_others_served(
    listener, connect, no_more_descriptors
):
    client = connect(listener, b"first")
    connection = listener.listen()
    connection.receive()
    refused = connect(listener, b"refused")
    no_more_descriptors()
    listener.keep(connection)
    client.sendall(b"second")
    assert listener.listen().receive() == b"second"
    listener.keep(connection)
    client.sendall(b"third")
    assert listener.listen().receive() == b"third"
    assert has_ended(refused)


def failing_first(accept, *failures: int):
    """An accept that fails so, and then does what it did."""
    left = list(failures)

    def failing():
        if left:
            raise OSError(left.pop(0), "on purpose")
        return accept()

    return failing


def test_client_that_has_gone_before_accept_is_passed_over(listener, connect):
    entrance = listener._reception._entrance
    entrance._accept = failing_first(entrance._accept, errno.ECONNABORTED, errno.EPROTO)
    connect(listener, b"hello")
    assert listener.listen().receive() == b"hello"


def test_failure_of_the_system_is_raised_and_the_next_turn_goes_on(listener, connect):
    entrance = listener._reception._entrance
    entrance._accept = failing_first(entrance._accept, errno.ENOBUFS)
    connect(listener, b"hello")
    with pytest.raises(OSError, match="on purpose"):
        listener.listen()
    assert listener.listen().receive() == b"hello"


def test_descriptor_reserve_that_is_lost_is_an_error_until_it_is_refilled(listener, connect):
    entrance = listener._reception._entrance
    failures = [errno.EMFILE, errno.EMFILE]
    entrance._accept = failing_first(entrance._accept, *failures)
    connect(listener, b"hello")
    with pytest.raises(OSError, match="on purpose"):
        listener.listen()
    assert listener.listen().receive() == b"hello"
