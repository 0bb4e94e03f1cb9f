"""The first nodes of turns, and which flows they begin for the profile.

A flow counts if the profile is on when its turn's first node has given something. Most of the
time a source waits in there, for hours maybe, and on either side of a switch:
- A plain turn whose first node gives something after the profile went on begins anew, as a
  recorded one, with what was given: `TurnAgain` leads out of it. That wouldn't do where a
  constraint is held around the node; such a turn stays as it is.
- A recorded turn whose first node gives something after the profile went off is marked.
"""

import threading
from collections.abc import Collection
from typing import Any

from flux.runtime.errors import TurnAgain
from flux.runtime.opening import Opening
from flux.runtime.stamps import current


class Openings:
    """The openings of a program, and whether what they begin is recorded; `free` may be led out."""

    def __init__(self, free: Collection[str]) -> None:
        self.on = False
        self._free = free
        self.given = threading.local()
        """The `outputs` that a plain turn of this thread was led out with."""
        self._plain: dict[str, Opening] = {}

    def switch(self, *, on: bool) -> None:
        """Record what begins from now on, or don't."""
        self.on = on
        for name, opening in self._plain.items():
            opening.given = self._lead_out if on and name in self._free else None

    def add(self, name: str, plain: Opening) -> None:
        """Look after an opening that recorded turns call, too."""
        self._plain[name] = plain

    def _lead_out(self, outputs: Any) -> Any:  # noqa: ANN401 - a node's, of any type
        if current() is not None:
            return outputs
        self.given.outputs = outputs
        raise TurnAgain
