"""aiohttp, on uvloop."""

import sys

import uvloop
from aiohttp import web
from page import TEXT, TYPE


async def _answer(_request: web.Request) -> web.Response:
    return web.Response(body=TEXT, content_type=TYPE)


if __name__ == "__main__":
    uvloop.install()
    app = web.Application()
    app.router.add_get("/", _answer)
    web.run_app(
        app, host="127.0.0.1", port=int(sys.argv[1]), backlog=4096, access_log=None, print=None
    )
