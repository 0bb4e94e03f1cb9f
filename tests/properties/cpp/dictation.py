"""What the model's scripts have said, letter by letter, for a program in C++ to say the same."""

from dataclasses import dataclass, field

from properties.scripts import Casting, Script, Stop

Part = tuple[bool, str, int]
"""A flow, or else a turn; the source; the number."""

NOTHING = "!"  # a word has letters; who asks nevertheless is told to fail


class Dictated:
    """A script that writes down what it says; stage.cpp has the meaning of the letters."""

    def __init__(self, script: Script) -> None:
        self.letters = ""
        self._script = script

    def node(self, gives: int) -> tuple[str, ...] | None:
        try:
            outputs = self._script.node(gives)
        except Stop:
            self.letters += "$"
            raise
        self.letters += "!" if outputs is None else "."
        return outputs

    def predicate(self) -> bool | None:
        passes = self._script.predicate()
        self.letters += "!" if passes is None else "y" if passes else "n"
        return passes

    def session(self) -> int | None:
        session = self._script.session()
        self.letters += "!" if session is None else str(session)
        return session


@dataclass(frozen=True, slots=True)
class Dictation(Casting):
    """A casting that keeps the scripts it has given out."""

    given: dict[Part, Dictated] = field(default_factory=dict, compare=False)

    def turn(self, source: str, number: int) -> Dictated:
        return self._keep((False, source, number), Casting.turn(self, source, number))

    def flow(self, source: str, number: int) -> Dictated:
        return self._keep((True, source, number), Casting.flow(self, source, number))

    def text(self, sources: list[str]) -> str:
        """All scripts, a line each; sources by their places in the program."""
        return "".join(
            f"{int(is_flow)} {sources.index(source)} {number} {script.letters or NOTHING}\n"
            for (is_flow, source, number), script in self.given.items()
        )

    def _keep(self, part: Part, script: Script) -> Dictated:
        return self.given.setdefault(part, Dictated(script))
