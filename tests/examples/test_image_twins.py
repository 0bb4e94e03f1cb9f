"""The image server gives the same answers in Python and in C++."""

import subprocess
from contextlib import ExitStack
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from image_client import FLUX, PROGRAM, serving
from image_root import PICTURE
from PIL import Image, ImageChops, ImageStat

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler

OWN = {"date", "etag"}
MAY_DIFFER = {*OWN, "content-length"}


@pytest.fixture(scope="module")
def servers(languages, tmp_path_factory):
    root = tmp_path_factory.mktemp("pictures")
    (root / "small.ppm").write_bytes(PICTURE)
    (root / "grey.ppm").write_bytes(b"P5 # 16 bits\n3 2 1000\n" + bytes(range(12)))
    (root / "junk.ppm").write_bytes(b"P6 1 1 255\n")
    (root / "inner").mkdir()
    (root / "inner" / "a b.ppm").symlink_to("../small.ppm")
    with ExitStack() as stack:
        yield [stack.enter_context(serving(root, target=language)) for language in languages]


def assert_same(replies):
    one, other = replies
    hidden = MAY_DIFFER if is_picture(one) else OWN
    assert one.status == other.status
    assert seen(one, hidden) == seen(other, hidden)
    assert one.fields.keys() == other.fields.keys()
    if is_picture(one) and one.body:
        assert mean_error(*(Image.open(BytesIO(reply.body)) for reply in replies)) < 1
    else:
        assert one.body == other.body


def is_picture(reply):
    return reply.fields.get("content-type") == "image/jpeg"


def seen(reply, hidden):
    return {name: value for name, value in reply.fields.items() if name not in hidden}


def mean_error(one, other):
    assert (one.mode, one.size) == (other.mode, other.size)
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


@pytest.mark.parametrize(
    "target",
    [
        "/small.jpg",
        "/grey.jpg",
        "/inner/a%20b.jpg",
        "/inner/../small.jpg?",
        "/small.jpg?width=30",
        "/small.jpg?height=90&quality=95",
        "/small.jpg?%77idth=%34%30&colour=blue",
        "/small.jpg?quality=007&width=1&height=1",
        "/small.jpg?width=65500&height=1",
        "/small.jpg?width=65500",
        "/small.jpg?width=65501",
        "/small.jpg?width=1&width=2",
        "/small.jpg?width",
        "/small.jpg?width=%20640",
        "/small.jpg?width=+640",
        "/small.jpg?width=%D9%A3",
        "/small.jpg?width=1.5;height=3",
        "/small.jpg?height=-1",
        "/small.jpg?quality=0",
        "/small.jpg?quality=96",
        "/small.jpg?quality=%00",
        "/junk.jpg",
        "/missing.jpg",
        "/small.ppm",
        "/..%2fsmall.jpg",
        "/.jpg",
        "/",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
def test_every_target_gets_the_same_answer(servers, target, method):
    assert_same([server.ask(target, method) for server in servers])


@pytest.mark.parametrize("connection", ["close", "keep-alive", "Close, x"])
def test_connections_are_kept_or_closed_alike(servers, connection):
    assert_same([server.ask("/small.jpg", Connection=connection) for server in servers])


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"other", {tag}', 304),
        ("*", 304),
        ('W/"x" ,{tag}', 304),
        ('"other"', 200),
        ("tag", 200),
        ("", 200),
        ('"*"', 200),
        ("*, x", 200),
    ],
)
def test_clients_that_know_the_picture_are_told_alike(servers, known, status):
    tags = [server.ask("/small.jpg").fields["etag"] for server in servers]
    replies = [
        server.ask("/small.jpg", If_None_Match=known.format(tag=tag))
        for server, tag in zip(servers, tags, strict=True)
    ]
    assert [reply.status for reply in replies] == [status, status]
    assert_same(replies)


words = st.sampled_from(["width", "height", "quality", "=", "&", "%3", "%32", "+", "%", ";", "0"])


@given(st.lists(words | st.integers(1, 120).map(str), max_size=12).map("".join))
def test_every_query_gets_the_same_answer(servers, query):
    assert_same([server.ask(f"/small.jpg?{query}") for server in servers])


@pytest.mark.usefixtures("languages")
@pytest.mark.parametrize(
    "words",
    [
        ["--port", "-1"],
        ["--port", "65536"],
        ["--port=http"],
        ["--port"],
        ["--root", "/nowhere"],
        ["--root", __file__],
        ["--cache-bytes", "-1"],
        ["--max-pixels", "many"],
        ["--timeout", "0"],
        ["--timeout", "nan"],
        ["--idle-timeout", "inf"],
        ["--unknown"],
        ["word"],
    ],
)
def test_a_wrong_option_ends_the_program_in_cpp_with_a_word(words, tmp_path):
    ran = run("--root", str(tmp_path), *words)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "image.flux: error: " in ran.stderr


@pytest.mark.usefixtures("languages")
def test_help_in_cpp_names_every_option():
    ran = run("--help", "--root", "/nowhere")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "--cache-bytes" in ran.stdout


def run(*words):
    command = [*FLUX, "run", PROGRAM, "--target", "cpp", "--", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
