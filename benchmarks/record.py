"""What a benchmark has measured: printed, and kept in `results/` if it is asked to."""

import json
import os
import platform
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from flux.version import __version__

RESULTS = Path(__file__).with_name("results")


def record(name: str, title: str, text: str, figures: Mapping[str, object]) -> None:
    """Print the tables; with `--write`, renew `name`.md with them and `name`.json with figures."""
    print(text)
    if "--write" not in sys.argv:
        return
    facts = {
        "command": f"make bench-{name}",
        "date": datetime.now(tz=UTC).date().isoformat(),
        "flux": __version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        **figures,
    }
    heading = f"# {title}, Flux {__version__}, CPython {facts['python']}, {facts['date']}"
    (RESULTS / f"{name}.json").write_text(json.dumps(facts, indent=1) + "\n")
    (RESULTS / f"{name}.md").write_text(f"{heading}\n\n`{facts['command']}`\n\n{text}\n")
