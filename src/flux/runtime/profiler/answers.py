"""What the socket answers: to each path, what makes its text."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flux.runtime.profiler.metrics import as_metrics
from flux.runtime.profiler.profiler import Profiler
from flux.runtime.profiler.requests import RefusedError, Request, response
from flux.runtime.profiler.text import as_text

JSON = "application/json"
TEXT = "text/plain"
PROMETHEUS = "text/plain; version=0.0.4"


class Answer(NamedTuple):
    """What one path is asked with, and gives."""

    method: str
    kind: str
    text: Callable[[], str]


class Answers:
    """Answers requests about one profiler."""

    def __init__(self, profiler: Profiler) -> None:
        self._profiler = profiler
        self._all: Mapping[str, Answer] = {
            "/profile": Answer("GET", JSON, self._profile),
            "/metrics": Answer("GET", PROMETHEUS, self._metrics),
            "/flows": Answer("GET", JSON, lambda: _json(profiler.read_flows())),
            "/paths.txt": Answer("GET", TEXT, lambda: as_text(profiler.read())),
            "/start": Answer("POST", JSON, self._after(profiler.start)),
            "/stop": Answer("POST", JSON, self._after(profiler.stop)),
            "/clear": Answer("POST", JSON, self._after(profiler.clear)),
        }

    def to(self, request: Request) -> bytes:
        """The answer to a request. Raises RefusedError if there is none."""
        answer = self._all.get(request.path)
        if answer is None:
            raise RefusedError(404, f"there is nothing here but {', '.join(self._all)}")
        if request.method != answer.method:
            why = f"{request.path} is for {answer.method}"
            raise RefusedError(405, why, f"Allow: {answer.method}")
        return response(200, answer.kind, answer.text())

    def _profile(self) -> str:
        return _json(self._profiler.read())

    def _metrics(self) -> str:
        return as_metrics(self._profiler.read(), self._profiler.live)

    def _after(self, action: Callable[[], None]) -> Callable[[], str]:
        def text() -> str:
            action()
            return self._profile()

        return text


def _json(data: Mapping[str, Any]) -> str:
    return f"{json.dumps(data)}\n"
