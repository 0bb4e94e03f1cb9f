"""Profiles in files."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flux.runtime.writing import write_whole


def write_profile(path: str, profile: Mapping[str, Any]) -> None:
    """Write a profile, whole or not at all. Raises OSError."""
    write_whole(Path(path), f"{json.dumps(profile)}\n".encode())
