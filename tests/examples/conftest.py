"""The examples' own modules, importable as they are when Flux runs them."""

import sys
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

sys.path.insert(0, str(EXAMPLES / "image"))
