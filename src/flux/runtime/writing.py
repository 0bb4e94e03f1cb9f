"""Files that are written whole or not at all."""

import os
import shutil
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file, with the permissions of the one that it replaces. Raises OSError.

    The data are complete beside the file before they take its name. A link keeps pointing to the
    file that is written, and a device stays one.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        target.write_bytes(data)
        return
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        draft.write_bytes(data)
        if target.exists():
            shutil.copymode(target, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
