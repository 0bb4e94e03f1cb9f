"""Tokens with their brackets paired, so that whatever stands in a pair can be stepped over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flux.bindings.cpp.tokens import Token

_CLOSED_BY = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Brackets:
    """Tokens, and for each opening bracket the place of the one that closes it.

    What is never closed goes on to the end; then the text isn't whole.
    """

    tokens: Sequence[Token]
    closing: dict[int, int]
    is_whole: bool

    def end(self, at: int) -> int:
        """The place behind a token, or behind the brackets that open there."""
        return self.closing.get(at, at) + 1

    def angle_end(self, at: int, limit: int) -> int | None:
        """The place behind `<...>`, if that can be a list of template arguments."""
        depth = 0
        while at < limit:
            match self.tokens[at].text:
                case "<":
                    depth += 1
                case ">":
                    depth -= 1
                    if depth == 0:
                        return at + 1
                case ";" | "{" | "}" | ")" | "]":
                    return None
            at = self.end(at)
        return None

    def split(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The parts between the commas of a list, outside all brackets."""
        first, at = start, start
        has_angles = True
        while at < end:
            text = self.tokens[at].text
            angle = self.angle_end(at, end) if text == "<" and has_angles else None
            has_angles &= text != "<" or angle is not None
            if text == ",":
                yield first, at
                first = at + 1
            at = angle or self.end(at)
        if first < end or first > start:
            yield first, end


def paired(tokens: Sequence[Token]) -> Brackets:
    """Pair the brackets of some tokens."""
    closing: dict[int, int] = {}
    waiting: list[int] = []
    is_whole = True
    for place, token in enumerate(tokens):
        if token.text in _CLOSED_BY:
            waiting.append(place)
        elif token.text in _CLOSED_BY.values():
            if waiting and _CLOSED_BY[tokens[waiting[-1]].text] == token.text:
                closing[waiting.pop()] = place
            else:
                is_whole = False
    closing.update(dict.fromkeys(waiting, len(tokens)))
    return Brackets(tokens, closing, is_whole and not waiting)
