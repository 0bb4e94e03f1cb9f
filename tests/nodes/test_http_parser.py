import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux.nodes.http import HttpError, Limits, Request, RequestParser

START = b"GET / HTTP/1.1\r\nHost: example.org\r\n"
POST = b"POST / HTTP/1.1\r\nHost: example.org\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"

WELL_FORMED = {
    "plain": START + b"\r\n",
    "http-1.0": b"GET / HTTP/1.0\r\n\r\n",
    "empty line before": b"\r\n" + START + b"\r\n",
    "query": b"GET /a/b?c=d&e HTTP/1.1\r\nHost: h\r\n\r\n",
    "absolute": b"GET http://example.org/a?b HTTP/1.1\r\nHost: h\r\n\r\n",
    "fields": START + b"Accept:*/*\r\nX-Empty:\r\nX-Tab: \t a\tb \r\n\r\n",
    "length": POST + b"Content-Length: 5\r\n\r\nhello",
    "zero length": POST + b"Content-Length: 0\r\n\r\n",
    "chunks": CHUNKED + b"5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n",
    "trailers": CHUNKED + b"0\r\nX-Sum: 1\r\n\r\n",
    "upgrade": START + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    "close": START + b"Connection: close\r\n\r\n",
    "ipv6": b"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
    "expect": POST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
}


def parse_whole(data: bytes, limits: Limits | None = None) -> list[Request | int]:
    return parse_pieces([data], limits)


def parse_pieces(pieces: list[bytes], limits: Limits | None = None) -> list[Request | int]:
    """All requests in the order of the text, and the status of what ends them."""
    parser = RequestParser(limits)
    found: list[Request | int] = []
    try:
        for piece in pieces:
            request = parser.feed(piece)
            while request is not None:
                found.append(request)
                request = parser.feed()
    except HttpError as error:
        found.append(int(error.status))
    return found


def as_text(found: list[Request | int]) -> list[str]:
    return [str(one) for one in found]


def the_request(data: bytes) -> Request:
    request = RequestParser().feed(data)
    assert request is not None
    return request


@pytest.mark.parametrize("data", WELL_FORMED.values(), ids=WELL_FORMED.keys())
def test_request_split_at_any_byte_is_the_same_request(data):
    whole = as_text(parse_whole(data))
    for cut in range(len(data) + 1):
        assert as_text(parse_pieces([data[:cut], data[cut:]])) == whole
    assert as_text(parse_pieces([data[i : i + 1] for i in range(len(data))])) == whole
    assert len(whole) == 1


def test_pipelined_requests_come_one_by_one():
    everything = b"".join(WELL_FORMED.values())
    assert as_text(parse_whole(everything)) == [
        as_text(parse_whole(data))[0] for data in WELL_FORMED.values()
    ]


@given(st.lists(st.sampled_from(sorted(WELL_FORMED.values())), max_size=4), st.data())
def test_splitting_anywhere_gives_the_same_requests(requests, data):
    stream = b"".join(requests)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert as_text(parse_pieces(pieces)) == as_text(parse_whole(stream))


FRAGMENTS = st.one_of(
    st.binary(max_size=20),
    st.sampled_from(
        [
            *(START, POST, CHUNKED, b"\r\n", b"\n", b"\r", b" ", b"0\r\n\r\n", b"5\r\nhello\r\n"),
            *(
                b"Content-Length: 5\r\n",
                b"Transfer-Encoding: ",
                b"Host: h\r\n",
                b"%",
                b"\0",
                b"A: b",
            ),
        ]
    ),
)


@given(st.lists(FRAGMENTS, max_size=12))
def test_arbitrary_bytes_raise_nothing_but_http_errors(fragments):
    whole = parse_whole(b"".join(fragments))
    assert as_text(parse_pieces(fragments)) == as_text(whole)


@given(st.binary(max_size=12), st.binary(max_size=12))
def test_field_of_arbitrary_bytes_is_read_the_same_in_pieces(name, value):
    pieces = [START, name, b":", value, b"\r\n\r\n"]
    assert as_text(parse_pieces(pieces)) == as_text(parse_whole(b"".join(pieces)))


def test_path_is_decoded_and_query_is_not():
    request = the_request(b"GET /a%20b/%C3%A4?x=%20 HTTP/1.1\r\nHost: h\r\n\r\n")
    assert (request.path, request.query) == ("/a b/ä", "x=%20")
    assert request.target == "/a%20b/%C3%A4?x=%20"


def test_absolute_target_is_read_as_its_path():
    assert the_request(b"GET HTTP://h:80?q HTTP/1.1\r\nHost: h\r\n\r\n").path == "/"
    assert the_request(WELL_FORMED["absolute"]).path == "/a"


def test_options_may_ask_about_the_server():
    assert the_request(b"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").path == "*"


def test_headers_are_found_in_any_case_and_keep_repetitions():
    request = the_request(START + b"Accept: a\r\nACCEPT: b\r\nX: \tc \r\n\r\n")
    assert request.headers["aCCept"] == "a, b"
    assert request.headers.all("accept") == ("a", "b")
    assert request.headers["x"] == "c"
    assert "y" not in request.headers
    assert list(request.headers) == ["host", "accept", "x"]
    assert len(request.headers) == 3
    assert "example.org" in repr(request.headers)


def test_chunks_are_joined_and_trailers_dropped():
    request = the_request(CHUNKED + b"5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nX: y\r\n\r\n")
    assert request.body == b"hello!"
    assert "x" not in request.headers


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (b"HTTP/1.1\r\nHost: h\r\n", True),
        (b"HTTP/1.1\r\nHost: h\r\nConnection: Close\r\n", False),
        (b"HTTP/1.1\r\nHost: h\r\nConnection: foo\r\nConnection: x, close\r\n", False),
        (b"HTTP/1.0\r\n", False),
        (b"HTTP/1.0\r\nConnection: Keep-Alive\r\n", True),
    ],
)
def test_keep_alive_follows_version_and_connection(line, kept):
    assert the_request(b"GET / " + line + b"\r\n").keep_alive is kept


def test_rest_is_what_follows_the_request():
    parser = RequestParser()
    assert parser.feed(WELL_FORMED["length"] + b"GET /next") is not None
    assert parser.rest() == b"GET /next"
    assert parser.rest() == b""


def test_leave_to_go_on_is_given_once_and_only_when_needed():
    head = POST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    parser = RequestParser()
    assert parser.continuation() == b""
    parser.feed(head)
    assert parser.continuation() == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert parser.continuation() == b""
    eager = RequestParser()
    eager.feed(head + b"h")
    assert eager.continuation() == b""
    old = RequestParser()
    old.feed(head.replace(b"1.1", b"1.0"))
    assert old.continuation() == b""


def test_limits_are_met_exactly():
    limits = Limits(target=5, headers=60, header_count=2, body=3)
    head = b"POST /aaaa HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n"
    assert len(parse_whole(head + b"\r\nabc", limits)) == 1
    assert parse_whole(head.replace(b"/a", b"/aa") + b"\r\n", limits) == [414]
    assert parse_whole(head + b"A: b\r\n\r\n", limits) == [431]
    assert parse_whole(head.replace(b": 3", b": 4") + b"\r\n", limits) == [413]


def test_error_tells_status_and_reason():
    with pytest.raises(HttpError, match="400 there must be one Host") as caught:
        RequestParser().feed(b"GET / HTTP/1.1\r\n\r\n")
    assert caught.value.status.phrase == "Bad Request"
    assert HttpError(404).reason == "Not Found"
