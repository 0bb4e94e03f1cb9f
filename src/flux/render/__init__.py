"""Diagnostics as text with carets, as JSON, and as GitHub's workflow commands.

Knows nothing of Flux beyond `Diagnostic`. Nothing that a hostile file contains reaches a
terminal as it is: see `flux.render.characters`.
"""

from flux.render.machine import as_github, as_json
from flux.render.text import as_text

__all__ = ["as_github", "as_json", "as_text"]
