"""Modules from files: generated programs, and the functions of their nodes."""

import importlib.util
import sys
from itertools import count
from pathlib import Path
from types import ModuleType

_numbers = count(1)


def imported(path: Path) -> ModuleType:
    """The module in a file; what stands beside it can be imported by it.

    A name that another module has already gets a number behind it.
    """
    folder = str(path.parent.resolve())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    name = path.stem if path.stem not in sys.modules else f"{path.stem}_nodes{next(_numbers)}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
