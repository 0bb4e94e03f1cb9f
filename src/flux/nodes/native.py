"""The engine's codec, where it has been compiled for this interpreter: see `flux.toolchain.codec`.

What it does can't be told from what the functions in Python do, which are its reference, and are
used wherever it is missing.
"""

import os
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
from typing import Any

MODULE = "flux_nodes"
SUFFIX = EXTENSION_SUFFIXES[0]  # names the interpreter that it is for
VARIABLE = "FLUX_NODES"  # of the environment: where the file is


def _loaded() -> Any:  # noqa: ANN401 - a module that no checker knows
    """The module; None where there is none for this interpreter."""
    file = os.environ.get(VARIABLE, "")
    if not file.endswith(MODULE + SUFFIX):
        return None
    loader = ExtensionFileLoader(MODULE, file)
    spec = spec_from_loader(MODULE, loader)
    if spec is None:
        return None
    try:
        module = module_from_spec(spec)
        loader.exec_module(module)
    except ImportError:
        return None
    return module


native = _loaded()
