"""Programs beside this file, run by this interpreter with threads or with fibers."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flux.toolchain.cache import Cache, cache_folder
from flux.toolchain.fibers import environment, shared_object

HERE = Path(__file__).parent
KINDS = ("threads", "fibers")


def environments() -> dict[str, Mapping[str, str]]:
    """What each kind is started with; the engine is compiled if need be."""
    made = shared_object(Cache(cache_folder()), print)
    return {"threads": os.environ, "fibers": environment(made, os.environ, children=False)}


def printed(program: str, *words: object, env: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    """What a program prints, as JSON."""
    command = [sys.executable, HERE / program, *map(str, words)]
    return json.loads(subprocess.run(command, env=env, stdout=-1, check=True).stdout)
