"""What the web server is asked in its benchmark, and what is told of the answers."""

from collections import Counter
from dataclasses import replace
from itertools import islice
from xml.etree import ElementTree as ET

import pytest
from hosting import aims, files
from hosting.configurations import written
from hosting.picture import picture
from hosting.rates import Rates, text
from measuring.load import Sample

SAMPLE = Sample(
    seconds=1.0,
    replies=1000,
    rate=1000.0,
    soon=1000.0,
    cpu=20.0,
    mean=900.0,
    p50=800.0,
    p99=2000.0,
    failures={},
    stuck=0,
    unsent=0,
    awaited=0,
    lost=0,
    busy=0.5,
    others=0.0,
)
NAMES = dict.fromkeys(
    ["C++, event", "nginx", "lighttpd", "Python, event", "uvicorn, Starlette", "aiohttp"]
)
HAND = 900


def size_of(path):
    kind, file = path[-3:].split("_")
    return files.size(int(kind), int(file))


def rates(clients, **cpu):
    samples = {name: [SAMPLE, SAMPLE] for name in NAMES}
    for name, each in cpu.items():
        samples[name] = [replace(SAMPLE, cpu=each)] * 2
    return Rates(clients, dict.fromkeys(NAMES, ""), samples)


def test_files_have_the_sizes_of_specweb99():
    assert [files.size(kind, 1) for kind in range(4)] == [102, 1024, 10240, 102400]
    assert [files.size(kind, 9) for kind in range(4)] == [921, 9216, 92160, 921600]


def test_a_hand_has_each_class_as_often_as_its_share_says():
    hand = list(files.order(1, 3))
    assert len(hand) == HAND
    classes = Counter(path[-3] for path in hand)
    assert [classes[kind] / HAND for kind in "0123"] == [0.35, 0.5, 0.14, 0.01]
    assert {path[-1] for path in hand if path[-3] == "3"} == set("123456789")


def test_all_hands_have_as_many_bytes():
    paths = files.order(3, 5)
    sums = {sum(map(size_of, islice(paths, HAND))) for _ in range(3)}
    assert len(sums) == 1
    assert 14_000 < sums.pop() / HAND < 16_000


def test_directories_follow_the_law_of_zipf():
    directories = Counter(path.split("/")[0] for path in files.order(20, 4))
    first = directories["dir00000"]
    assert len(directories) == 4
    for place in range(4):
        assert first / directories[f"dir{place:05}"] == pytest.approx(place + 1, rel=0.1)


def test_all_servers_are_asked_for_the_same():
    assert list(files.order(2, 10)) == list(files.order(2, 10))
    assert list(files.order(1, 10)) != list(files.order(1, 10, seed=2))


def test_others_are_compared_with_the_first_of_a_table():
    shown = text(rates(8, nginx=30.0), "C++", ["C++, event", "nginx"])
    assert "| C++, 8 clients |" in shown
    assert "| C++, event | 1.00 (1.00 to 1.00) |" in shown
    assert "| nginx | 1.50 (1.50 to 1.50) | 1.00 (1.00 to 1.00) | 30.0 (30.0 to 30.0) |" in shown


def test_errors_of_all_rounds_are_counted_in_the_table():
    measured = rates(1)
    measured.servers["nginx"][0] = replace(SAMPLE, failures={"bytes": 2, "patience": 1}, stuck=1)
    assert text(measured, "C++", ["nginx"]).endswith("| 2 | 1 | 50% |")
    assert "C++, 1 client |" in text(measured, "C++", ["nginx"])


@pytest.mark.parametrize(
    ("ours", "clients", "times"),
    [
        ("C++, event", 1, 1.0),
        ("C++, event", 32, 1.0),
        ("C++, event", 128, 1.2),
        ("Python, event", 1, 2.0),
    ],
)
def test_an_aim_depends_on_the_clients(ours, clients, times):
    assert aims.aim(ours, clients) == times


def test_each_aim_stands_beside_what_was_measured():
    shown = aims.text([rates(1), rates(512, nginx=26.0)])
    assert "| nginx / C++, event | 1.00 (1.00 to 1.00), aim 1.0 | 1.30 (1.30 to 1.30), aim" in shown
    assert shown.count("aim 2.0") == 4


def test_the_picture_has_a_line_for_each_server_in_both_panels():
    rows = {"C++": ["C++, event", "nginx"], "Python": ["Python, event", "aiohttp"]}
    drawn = picture([rates(1), rates(8), rates(512)], rows, ["nginx", "aiohttp"])
    names = [each.text for each in ET.fromstring(drawn).findall(".//{*}title")]  # noqa: S314 - ours
    assert all(names.count(name) == 2 for row in rows.values() for name in row)


def test_a_configuration_has_all_its_values(tmp_path):
    values = {"port": 80, "root": "/files", "backend": "writev"}
    conf = written("lighttpd.conf", tmp_path, **values).read_text()
    assert 'server.document-root = "/files"' in conf
    with pytest.raises(KeyError, match="backend"):
        written("lighttpd.conf", tmp_path, port=80, root="/files")
