"""What a back end is: a function from the Plan to files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from flux.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Artifact:
    """The files of a generated program, in memory: names to texts; `main` is where it starts.

    `facts` is what a running program can tell of itself: its Plan, and the lines of its steps.
    """

    main: str
    files: Mapping[str, str]
    facts: Mapping[str, Any] = field(default_factory=dict)


class Backend(Protocol):
    """A code generator for one target language."""

    @property
    def name(self) -> str:
        """The target, as `--target` names it."""

    def generate(self, plan: Plan) -> Artifact:
        """Print the Plan as a program of the target language."""
