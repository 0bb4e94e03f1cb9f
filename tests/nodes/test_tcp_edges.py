"""Who is handed out when what came before a connection was kept has been read, or hasn't."""


def in_use(listener, connect, first=b"a"):
    """A client, and its connection, in use."""
    client = connect(listener, first)
    return client, listener.listen()


def hear_others(listener, connect):
    """Let the listener hear of all that has happened."""
    connect(listener, b"other")
    listener.listen().abort()


def test_what_was_left_unread_is_handed_out_again(listener, connect):
    _client, connection = in_use(listener, connect, b"ab")
    assert connection.receive(1) == b"a"
    listener.keep(connection)
    assert listener.listen() is connection
    assert connection.receive() == b"b"


def test_connection_that_was_not_read_is_handed_out_again(listener, connect):
    client, connection = in_use(listener, connect)
    assert connection.receive() == b"a"
    listener.keep(connection)
    client.sendall(b"b")
    assert listener.listen() is connection
    listener.keep(connection)
    assert listener.listen() is connection
    assert connection.receive() == b"b"


def test_what_was_heard_while_in_use_is_handed_out_after_keeping(listener, connect):
    client, connection = in_use(listener, connect)
    assert connection.receive() == b"a"
    client.sendall(b"b")
    hear_others(listener, connect)
    listener.keep(connection)
    assert listener.listen() is connection
    assert connection.receive() == b"b"


def test_what_was_heard_and_read_while_in_use_calls_nobody(listener, connect):
    client, connection = in_use(listener, connect)
    client.sendall(b"b")
    hear_others(listener, connect)
    assert b"".join(iter(lambda: connection.receive(1), b"b")) == b"a"
    listener.keep(connection)
    hear_others(listener, connect)
    assert listener.idle_count == 1


def test_client_that_finished_with_its_words_is_let_go_once_kept(listener, connect):
    client = connect(listener)
    hear_others(listener, connect)
    client.sendall(b"a")
    client.shutdown(1)
    connection = listener.listen()
    assert connection.receive() == b"a"
    listener.keep(connection)
    hear_others(listener, connect)
    assert connection.closed
    assert client.recv(1) == b""


def test_client_that_finishes_while_in_use_is_let_go_once_kept(listener, connect):
    client, connection = in_use(listener, connect)
    assert connection.receive() == b"a"
    client.close()
    hear_others(listener, connect)
    listener.keep(connection)
    hear_others(listener, connect)
    assert connection.closed


def test_number_of_a_connection_that_is_gone_serves_the_next_one(listener, connect):
    first, connection = in_use(listener, connect)
    number = connection.descriptor
    connection.abort()
    first.close()
    client, connection = in_use(listener, connect)
    assert connection.descriptor == number
    assert connection.receive() == b"a"
    listener.keep(connection)
    client.sendall(b"b")
    assert listener.listen() is connection
