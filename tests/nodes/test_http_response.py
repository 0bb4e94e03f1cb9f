import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux.nodes.http import clean_path, response
from flux.nodes.http.response import _date


def text(parts: list[bytes]) -> str:
    return b"".join(parts).decode("latin-1")


def test_response_has_its_line_its_fields_and_its_body():
    parts = response(200, {"Content-Type": "text/plain"}, b"hello")
    lines = text(parts).split("\r\n")
    assert lines[0] == "HTTP/1.1 200 OK"
    assert lines[1].startswith("Date: ")
    assert lines[1].endswith(" GMT")
    assert lines[2:] == [
        "Content-Type: text/plain",
        "Content-Length: 5",
        "Connection: keep-alive",
        "",
        "hello",
    ]


def test_field_may_be_there_twice():
    sent = text(response(200, [("Set-Cookie", "a=b"), ("Set-Cookie", "c=d")]))
    assert "Set-Cookie: a=b\r\nSet-Cookie: c=d\r\n" in sent


def test_date_is_in_the_form_of_http():
    assert _date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT"


def test_last_response_says_so():
    assert "Connection: close\r\n" in text(response(404, keep_alive=False))


def test_head_counts_the_body_but_does_not_send_it():
    sent = text(response(200, body=b"hello", head=True))
    assert "Content-Length: 5\r\n" in sent
    assert sent.endswith("\r\n\r\n")


def test_body_that_is_sent_later_counts_already():
    sent = text(response(206, length=5_000_000_000))
    assert "Content-Length: 5000000000\r\n" in sent
    assert sent.endswith("\r\n\r\n")


def test_body_of_unknown_length_comes_in_chunks_or_until_the_end():
    chunks = text(response(200, framing="chunks"))
    assert chunks.endswith("\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n")
    end = text(response(200, framing="end", keep_alive=False))
    assert end.endswith(" GMT\r\nConnection: close\r\n\r\n")
    for sent in (chunks, end):
        assert "Content-Length" not in sent


def test_connection_that_ends_a_body_is_not_kept():
    with pytest.raises(ValueError, match="kept"):
        response(200, framing="end")


@pytest.mark.parametrize("status", [100, 204, 304])
def test_some_statuses_never_have_a_body(status):
    sent = text(response(status, body=b"hello", length=5))
    assert "Content-Length" not in sent
    assert "Transfer-Encoding" not in text(response(status, framing="chunks"))
    assert sent.endswith("\r\n\r\n")


@pytest.mark.parametrize(
    ("status", "phrase"),
    [
        (200, "OK"),
        (413, "Content Too Large"),
        (414, "URI Too Long"),
        (416, "Range Not Satisfiable"),
        (422, "Unprocessable Content"),
    ],
)
def test_status_is_told_in_the_words_of_the_standard(status, phrase):
    assert text(response(status)).startswith(f"HTTP/1.1 {status} {phrase}\r\n")


def test_unknown_status_is_refused():
    with pytest.raises(ValueError, match="999"):
        response(999)


def test_words_behind_the_status_and_the_date_may_be_those_of_another():
    sent = text(response(299, reason="So So", date="long ago"))
    assert sent.startswith("HTTP/1.1 299 So So\r\nDate: long ago\r\nContent-Length: 0\r\n")


@pytest.mark.parametrize(
    "own",
    [{"reason": "a\r\nX: b"}, {"reason": "\N{SNOWMAN}"}, {"date": "a\r\nX: b"}],
)
def test_words_of_another_that_could_break_the_response_are_refused(own):
    with pytest.raises(ValueError, match="not a"):
        response(200, **own)


def test_status_of_another_has_three_digits():
    with pytest.raises(ValueError, match="1000"):
        response(1000, reason="Odd")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X", "a\r\nSet-Cookie: b"),
        ("X", "a\nb"),
        ("X", "a\rb"),
        ("X", "a\0b"),
        ("X", "a\x7f"),
        ("X", "snow ☃"),
        ("X\r\nY", "a"),
        ("X Y", "a"),
        ("X:", "a"),
        ("", "a"),
        ("X\n", "a"),
        ("X", "a\n"),
        ("Content-Length", "5"),
        ("transfer-encoding", "chunked"),
        ("CONNECTION", "close"),
    ],
)
def test_field_that_could_break_the_response_is_refused(name, value):
    with pytest.raises(ValueError, match=r"field|added"):
        response(200, {name: value})


@pytest.mark.parametrize(
    ("path", "cleaned"),
    [
        ("/", ""),
        ("", ""),
        ("/a/b.jpg", "a/b.jpg"),
        ("//a///b/", "a/b"),
        ("/a/./b/../c", "a/c"),
        ("/a/..", ""),
        ("/a/.../b", "a/.../b"),
        ("/..", None),
        ("/a/../../b", None),
        ("../a", None),
        ("/a\\..\\b", None),
        ("/a\0", None),
    ],
)
def test_clean_path_stays_below_the_root(path, cleaned):
    assert clean_path(path) == cleaned


@given(st.text("./ab"))
def test_clean_path_of_anything_is_relative_and_goes_down(path):
    cleaned = clean_path(path) or ""
    assert not cleaned.startswith("/")
    assert not {"", ".", ".."} & set(cleaned.split("/")) - {cleaned}
