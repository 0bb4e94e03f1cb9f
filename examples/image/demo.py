"""The image server at work: starts it, asks it from several clients at once, stops it.

`python demo.py [OPTIONS of flux run]` prints what was asked and answered, saves one
of the JPEGs, and exits with 0 if every answer was right.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

import samples

HERE = Path(__file__).resolve().parent
PICTURES = HERE / "pictures"
SAVED = HERE.parents[1] / "build" / "demo.jpg"
PATIENCE = 30.0
LANDSCAPE = "/landscape.jpg"


@dataclass(frozen=True, slots=True)
class Question:
    """What a client asks, and what it should get."""

    method: str
    target: str
    status: int
    cache: str | None = None
    size: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client got."""

    question: Question
    status: int
    cache: str | None
    body: bytes
    length: int
    milliseconds: float

    @property
    def is_right(self) -> bool:
        """Whether it is what it should be, down to the pixels."""
        size = Image.open(BytesIO(self.body)).convert("RGB").size if self._has_jpeg else None
        asked = self.question
        return (self.status, self.cache, size) == (asked.status, asked.cache, asked.size)

    @property
    def _has_jpeg(self) -> bool:
        return self.status == http.HTTPStatus.OK and self.body != b""


WHOLE = samples.SIZE
ROUNDS = {
    "Four clients at once, and nothing in the cache": (
        Question("GET", LANDSCAPE, 200, "miss", WHOLE),
        Question("GET", "/card.jpg", 200, "miss", WHOLE),
        Question("GET", "/landscape.jpg?width=300", 200, "miss", (300, 210)),
        Question("GET", "/card.jpg?quality=30", 200, "miss", WHOLE),
    ),
    "The same again": (
        Question("GET", LANDSCAPE, 200, "hit", WHOLE),
        Question("GET", "/card.jpg", 200, "hit", WHOLE),
        Question("GET", "/landscape.jpg?width=300", 200, "hit", (300, 210)),
        Question("GET", "/card.jpg?quality=30", 200, "hit", WHOLE),
    ),
    "What else clients ask": (
        Question("HEAD", LANDSCAPE, 200, "hit"),
        Question("GET", "/nowhere.jpg", 404),
        Question("GET", "/../../etc/passwd.jpg", 404),
        Question("GET", "/card.jpg?width=0", 400),
        Question("DELETE", "/card.jpg", 405),
    ),
}


def main() -> int:
    """Run the demonstration; its exit status."""
    if not PICTURES.is_dir():
        samples.paint(PICTURES)
    with _server() as (server, port):
        answers = [answer for title in ROUNDS for answer in _play(title, port)]
        answers.append(_stop(server, port))
        code = server.wait(PATIENCE)
    wrong = [answer for answer in answers if not answer.is_right]
    if wrong or code:
        print(f"\n{len(wrong)} answers were wrong, the server's exit status was {code}.")
        return 1
    SAVED.parent.mkdir(exist_ok=True)
    SAVED.write_bytes(answers[0].body)
    print(f"\nAll {len(answers)} answers were right; {os.path.relpath(SAVED)} is one of them.")
    return 0


@contextmanager
def _server() -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """A running server and its port."""
    options = sys.argv[1:]
    shown = ["flux", "run", "examples/image/image.flux", *options, "--", "--port", "0"]
    print("$", *shown)
    command = [sys.executable, "-m", "flux.cli", "run", str(HERE / "image.flux"), *options]
    with subprocess.Popen(  # noqa: S603 - this project's own command
        [*command, "--", "--port", "0", "--root", str(PICTURES)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        try:
            yield server, _port(server)
        finally:
            server.kill()


def _port(server: "subprocess.Popen[str]") -> int:
    for line in server.stdout or ():
        print(line, end="")
        if line.startswith("listening on"):
            return int(line.rpartition(":")[2])
    raise SystemExit("The server did not start.")


def _play(title: str, port: int) -> list[Answer]:
    """Ask the questions of a round, each from a client of its own, all at once."""
    questions = ROUNDS[title]
    _show_title(title)
    with ThreadPoolExecutor(len(questions)) as clients:
        answers = list(clients.map(_ask, questions, [port] * len(questions)))
    for answer in answers:
        _show(answer)
    return answers


def _ask(question: Question, port: int) -> Answer:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    start = time.perf_counter()
    with closing(client):
        client.request(question.method, question.target)
        return _answer(question, client.getresponse(), start)


def _stop(server: "subprocess.Popen[str]", port: int) -> Answer:
    """Stop the server while it is about to answer.

    Its `100 Continue` proves that a flow has begun, which now waits for the request's last byte.
    """
    question = Question("GET", "/landscape.jpg?width=600", 200, "miss", (600, 420))
    head = f"GET {question.target} HTTP/1.1\r\nHost: demo\r\nContent-Length: 1\r\n"
    _show_title("Asked before SIGTERM, answered after")
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
        client.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
        client.recv(1, socket.MSG_PEEK)
        server.send_signal(signal.SIGTERM)
        start = time.perf_counter()
        client.sendall(b".")
        reply = http.client.HTTPResponse(client)
        reply.begin()
        answer = _answer(question, reply, start)
    _show(answer)
    print("\n" + (server.stdout.read() if server.stdout else ""), end="")
    return answer


def _answer(question: Question, reply: http.client.HTTPResponse, start: float) -> Answer:
    with closing(reply):
        body = reply.read()
    spent = (time.perf_counter() - start) * 1000
    length = int(reply.headers["Content-Length"])
    return Answer(question, reply.status, reply.headers["X-Cache"], body, length, spent)


def _show_title(title: str) -> None:
    print(f"\n{title:<48}{'status':>6}{'cache':>7}{'bytes':>9}{'ms':>8}")


def _show(answer: Answer) -> None:
    request = f"  {answer.question.method:<7}{answer.question.target}"
    cells = f"{answer.status:>6}{answer.cache or '-':>7}{answer.length:>9,}"
    print(f"{request:<48}{cells}{answer.milliseconds:>8.1f}{'' if answer.is_right else '  WRONG'}")


if __name__ == "__main__":
    sys.exit(main())
