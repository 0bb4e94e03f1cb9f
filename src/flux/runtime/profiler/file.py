"""Profiles in files."""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_profile(path: str, profile: Mapping[str, Any]) -> None:
    """Write a profile, whole or not at all. Raises OSError.

    It is complete beside its file before it takes that one's place and permissions. A link keeps
    pointing to the file that is written, and a device stays one.
    """
    text = f"{json.dumps(profile)}\n"
    target = Path(path).resolve()
    if target.exists() and not target.is_file():
        target.write_text(text, encoding="utf-8")
        return
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        if target.exists():
            shutil.copymode(target, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
