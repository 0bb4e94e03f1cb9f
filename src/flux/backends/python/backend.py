"""The Python target: one module of code, and the Plan beside it for path numbers."""

import json
from dataclasses import dataclass
from pathlib import PurePath

from flux.backends.base import Artifact
from flux.backends.python.emit import emit_program
from flux.plan.contract import as_dict
from flux.plan.model import Plan
from flux.version import __version__


@dataclass(frozen=True, slots=True)
class PythonBackend:
    """Generates `image_flux.py`, and `image_flux.json`: the Plan, with the lines of its steps."""

    name: str = "python"

    def generate(self, plan: Plan) -> Artifact:
        """Print the Plan as a Python module."""
        stem = f"{PurePath(plan.name).stem}_flux"
        code = emit_program(plan)
        facts = {
            "flux": __version__,
            "plan": as_dict(plan),
            "lines": {str(n): id_ for n, id_ in code.origins.items()},
        }
        files = {f"{stem}.py": str(code), f"{stem}.json": f"{json.dumps(facts)}\n"}
        return Artifact(f"{stem}.py", files, facts)
