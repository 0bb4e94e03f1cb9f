import pytest

from flux.nodes.http import Headers, HttpError, Limits
from flux.nodes.http.framing import ChunkedBody, FixedBody, frame_body
from flux.nodes.http.head import Head


def head(*fields: tuple[str, str], version: str = "1.1") -> Head:
    return Head("POST", "/", "/", "", version, Headers(list(fields)))


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ([("Content-Length", "3"), ("Content-Length", "3")], 400),
        ([("Content-Length", "3,3")], 400),
        ([("Content-Length", "+3")], 400),
        ([("Content-Length", "\u0663")], 400),
        ([("Content-Length", "")], 400),
        ([("Content-Length", "9" * 5000)], 413),
        ([("Content-Length", "3"), ("Transfer-Encoding", "chunked")], 400),
        ([("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")], 400),
        ([("Transfer-Encoding", "chunked,")], 400),
        ([("Transfer-Encoding", "")], 400),
        ([("Transfer-Encoding", "chunked, gzip")], 400),
        ([("Transfer-Encoding", "gzip, chunked")], 501),
        ([("Transfer-Encoding", "chunked;q=1")], 400),
    ],
)
def test_ambiguous_framing_is_refused_whatever_httptools_does(fields, status):
    with pytest.raises(HttpError) as caught:
        frame_body(head(*fields), Limits())
    assert caught.value.status == status


def test_old_clients_cannot_send_chunks():
    with pytest.raises(HttpError, match="ambiguous"):
        frame_body(head(("Transfer-Encoding", "chunked"), version="1.0"), Limits())


def test_body_is_framed_by_coding_or_length():
    assert isinstance(frame_body(head(("Transfer-Encoding", "Chunked")), Limits()), ChunkedBody)
    assert isinstance(frame_body(head(("Content-Length", "3")), Limits()), FixedBody)
    assert frame_body(head(), Limits()).take(bytearray(b"next")) == b""
