"""The examples' own modules, importable as they are when Flux runs them, and their clients."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

sys.path[:0] = [str(HERE), str(HERE.parents[1] / "examples" / "image")]
