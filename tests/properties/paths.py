"""Every path through a program, by name, from the text alone.

Paths are ways over the text's own graph: a choice between cases leads to each of its cases, also
where no value would.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from properties.checker import label
from properties.reading import Case, Node, Reading, Source

Path = tuple[str, ...]
Way = tuple[Literal["succeeds", "fails", "ends"], Path]


def path_names(reading: Reading, source: Source) -> Iterator[str]:
    """The names of all paths from a source to an end, in no special order."""
    for ending, turn in _handled(reading, reading.nodes[source.node], _turn(reading, source)):
        if ending != "succeeds":
            yield " -> ".join(turn)
            continue
        for _, flow in _use(reading, source.target):
            yield " -> ".join(turn + flow)


def _turn(reading: Reading, source: Source) -> Iterator[Way]:
    for ending, path in _bare(reading, reading.nodes[source.node]):
        yield ending, path
        if ending == "succeeds" and source.session:
            yield "fails", (*path, f"{source.session} fails")


def _use(reading: Reading, name: str) -> Iterator[Way]:
    node = reading.nodes[name]
    return _handled(reading, node, _bare(reading, node))


def _handled(reading: Reading, node: Node, ways: Iterator[Way]) -> Iterator[Way]:
    for ending, path in ways:
        if ending == "fails" and node.handler is not None:
            yield from (("ends", path + after) for _, after in _use(reading, node.handler))
        else:
            yield ending, path


def _bare(reading: Reading, node: Node) -> Iterator[Way]:
    if node.is_concrete:
        yield "succeeds", (node.name,)
        yield "fails", (f"{node.name} fails",)
    for case in node.cases:
        yield from _case(reading, node, case)
    if node.cases and not any(_always_matches(case) for case in node.cases):
        yield "fails", (f"{node.name}: no match",)


def _case(reading: Reading, node: Node, case: Case) -> Iterator[Way]:
    start = () if case.patterns is None else (label(node, case),)
    if not _always_matches(case):
        yield "fails", (f"{label(node, case)} can't be tested",)
    for ending, path in _chain(reading, case.chain):
        yield ending, start + path


def _always_matches(case: Case) -> bool:
    return all(pattern == "_" for pattern in case.patterns or ())


def _chain(reading: Reading, names: Sequence[str]) -> Iterator[Way]:
    if not names:
        yield "succeeds", ()
        return
    for ending, path in _use(reading, names[0]):
        if ending != "succeeds":
            yield ending, path
            continue
        for last, rest in _chain(reading, names[1:]):
            yield last, path + rest
