"""Programs beside this file, run by this interpreter with threads or with fibers."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from measuring.processes import Command

from flux.toolchain.cache import Cache, cache_folder
from flux.toolchain.codec import codec
from flux.toolchain.fibers import environment, shared_object

HERE = Path(__file__).parent
KINDS = ("threads", "fibers")


def environments() -> dict[str, Mapping[str, str]]:
    """What each kind is started with; the engine is compiled if need be."""
    cache = Cache(cache_folder())
    made, module = shared_object(cache, print), codec(cache, print)
    fibers = environment(made, module, os.environ, children=False)
    return {"threads": os.environ, "fibers": fibers}


def printed(program: str, *words: object, env: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    """What a program prints, as JSON."""
    command: Command = [sys.executable, HERE / program, *map(str, words)]
    return json.loads(subprocess.run(command, env=env, stdout=-1, check=True).stdout)
