"""Profiles in files."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_profile(path: str, profile: Mapping[str, Any]) -> None:
    """Write a profile, whole or not at all: it takes the place of its file once it is complete."""
    beside = Path(f"{path}.{os.getpid()}")
    try:
        beside.write_text(f"{json.dumps(profile)}\n", encoding="utf-8")
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
