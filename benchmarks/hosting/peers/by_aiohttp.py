"""aiohttp's static files, on uvloop or on asyncio's own loop."""

import sys

import uvloop
from aiohttp import web

if __name__ == "__main__":
    if sys.argv[3] == "uvloop":
        uvloop.install()
    app = web.Application()
    app.router.add_static("/", sys.argv[2])
    web.run_app(
        app, host="127.0.0.1", port=int(sys.argv[1]), backlog=4096, access_log=None, print=None
    )
