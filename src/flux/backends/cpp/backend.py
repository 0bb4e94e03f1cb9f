"""The C++ target: a header with the prototypes, the program, and the names of its paths."""

from dataclasses import dataclass, field
from pathlib import PurePath

from flux.backends.base import Artifact
from flux.backends.cpp.emit import emit_program, title
from flux.backends.cpp.header import Surroundings, emit_header
from flux.backends.cpp.paths import emit_paths
from flux.plan.contract import as_dict
from flux.plan.model import Plan


@dataclass(frozen=True, slots=True)
class CppBackend:
    """Generates `image.h`, `image_flux.cpp` and `image_paths.cpp`."""

    name: str = "cpp"
    around: Surroundings = field(default_factory=Surroundings)

    def generate(self, plan: Plan) -> Artifact:
        """Print the Plan as a C++ program."""
        stem = PurePath(plan.name).stem
        code = emit_program(plan, stem, self.around.blocking)
        files = {
            f"{stem}.h": str(emit_header(plan, title(plan), self.around)),
            f"{stem}_flux.cpp": str(code),
            f"{stem}_paths.cpp": str(emit_paths(plan, stem, title(plan))),
        }
        facts = {"plan": as_dict(plan), "lines": {str(n): id_ for n, id_ in code.origins.items()}}
        return Artifact(f"{stem}_flux.cpp", files, facts)
