"""What both web servers answer to the cases of the HTTP codec, and to two of them in a row."""

import re
from contextlib import ExitStack

import pytest
from conftest import WEB
from http_cases import CASES, Case, outcome
from image_client import POOL, serving

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler

CARRIERS = [("python", POOL), ("cpp", ("--runtime", "event", "--cores", "2"))]
USUAL = [case for case in CASES if not case.limits]
CONTINUE = 100
GOOD = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"


@pytest.fixture(scope="module")
def servers(tmp_path_factory, web_languages):  # noqa: ARG001 - compiled before
    """A server of each language, of a folder with one file."""
    root = tmp_path_factory.mktemp("corpus")
    (root / "index.html").write_text("here")
    with ExitStack() as stack:
        yield {
            target: stack.enter_context(serving(root, target=target, runtime=runtime, program=WEB))
            for target, runtime in CARRIERS
        }


def expected(case: Case) -> list[tuple[str, int]]:
    """The method and the status of each answer: up to the first after which it closes."""
    found: list[tuple[str, int]] = []
    for request in requests(case.expected):
        words = request[0].split(" ")
        if words[0].isdigit():
            return [*found, ("", int(words[0]))]
        found.append((words[0], status(words[0], path(request))))
        if words[3] == "closes":
            return found
    return found if ends_whole(case) else [*found, ("", 400)]


def requests(lines: list[str]) -> list[list[str]]:
    """The lines of each request, and of the error."""
    text = "\n".join(lines)
    return [part.split("\n") for part in re.split(r"\n(?! )", text)] if text else []


def path(request: list[str]) -> str:
    told = [line.removeprefix("  path ") for line in request if line.startswith("  path ")]
    return told[0] if told else request[0].split(" ")[1]


def status(method: str, path: str) -> int:
    if method == "OPTIONS":
        return 204
    if method not in {"GET", "HEAD"}:
        return 405
    return 200 if path == "/" else 404


def ends_whole(case: Case) -> bool:
    """Whether a request, and nothing else, ends with the last byte."""
    shorter = requests(outcome([case.data[:-1]]))
    return not case.data or len(shorter) < len(requests(case.expected))


def answered(server, data: bytes, methods: list[str]) -> list[int]:
    """The statuses of all answers to some bytes, behind which the client says no more."""
    with server.connect() as client:
        client.send(data)
        client.finish()
        replies = [final_status(client, method) for method in methods]
        assert client.has_ended()
        return replies


def final_status(client, method: str) -> int:
    """The status of the next answer, behind any leave to go on."""
    while (reply := client.reply(has_body=method != "HEAD")).status == CONTINUE:
        pass
    return reply.status


@pytest.mark.parametrize("case", USUAL, ids=lambda case: case.name)
def test_case_is_answered_as_the_table_says_alone_and_behind_another(servers, case):
    told = expected(case)
    for server in servers.values():
        for data, all_of_them in [(case.data, told), (GOOD + case.data, [("GET", 200), *told])]:
            methods = [method for method, _ in all_of_them]
            assert answered(server, data, methods) == [status for _, status in all_of_them]
