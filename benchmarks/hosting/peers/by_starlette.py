"""Starlette's static files, under uvicorn with uvloop and httptools."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

if __name__ == "__main__":
    files = StaticFiles(directory=sys.argv[2])
    uvicorn.run(
        Starlette(routes=[Mount("/", files)]),
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        lifespan="off",
        backlog=4096,
        log_level="warning",
        access_log=False,
    )
