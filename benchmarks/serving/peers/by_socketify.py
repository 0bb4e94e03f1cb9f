"""socketify: Python on uWebSockets, which is C++ and adds the date."""

import sys
from typing import Any

from page import TEXT, TYPE
from socketify import App, AppListenOptions


def _answer(reply: Any, _request: Any) -> None:  # noqa: ANN401 - socketify's
    reply.write_header("Content-Type", TYPE)
    reply.end(TEXT)


if __name__ == "__main__":
    app = App()
    app.get("/", _answer)
    app.listen(AppListenOptions(port=int(sys.argv[1]), host="127.0.0.1"))
    app.run()
