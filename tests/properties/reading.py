"""The checker's own reading of a Flux text; it shares nothing with the compiler.

It takes programs that are right for granted, and one statement for what stands before a `;`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

COMMENT = re.compile(r"//[^\n]*|#[^\n]*|/\*.*?\*/", re.DOTALL)
SIGNATURE = re.compile(r"(\w+)\s*\((.*)\)\s*[-=]>\s*\((.*)\)", re.DOTALL)
SOURCE = re.compile(r"source\s+(\w+)\s*(?:\{\s*session\s*:\s*(\w+)\s*\})?\s*[-=]>\s*(\w+)")
TYPE = re.compile(r"typedef\s+(\w+)\s+(\w+)")
HANDLER = re.compile(r"handle\s+error\s+([\w\s,]+?)\s*[-=]>\s*(\w+)")
CONSTRAINT = re.compile(r"(?:constraint|atomic)\s+(\w+)\s*:\s*\{(.*)\}", re.DOTALL)
LOCK = re.compile(r"(\w+)\s*([?!]?)\s*(?:\(\s*(\w+)\s*\))?")
CASE = re.compile(r"(\w+)\s*:\s*\[(.*)\]\s*=(.*)", re.DOTALL)
FLOW = re.compile(r"(\w+)\s*=(?!>)(.*)", re.DOTALL)
NAME = re.compile(r"\w+")


@dataclass(slots=True)
class Case:
    """One chain, and the patterns that lead to it; None for a plain flow."""

    patterns: list[str] | None
    chain: list[str]


@dataclass(slots=True)
class Node:
    """What the text says of a node; `gives` is None where no signature is declared.

    `own` are the constraints that it declares: true for those that it writes.
    """

    name: str
    gives: int | None = None
    cases: list[Case] = field(default_factory=list)
    own: dict[str, bool] = field(default_factory=dict)
    handler: str | None = None

    @property
    def is_concrete(self) -> bool:
        return not self.cases

    @property
    def drops(self) -> bool:
        """Whether it is declared `-> ()`, whatever its flow gives."""
        return self.gives == 0


@dataclass(slots=True)
class Source:
    """`source node {session: session} => target;`."""

    node: str
    session: str | None
    target: str


@dataclass(eq=False)
class Reading:
    """A whole program. `sessions` are the constraints of the session."""

    nodes: dict[str, Node] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    predicates: dict[str, str] = field(default_factory=dict)
    sessions: set[str] = field(default_factory=set)

    def node(self, name: str) -> Node:
        return self.nodes.setdefault(name, Node(name))

    @cached_property
    def order(self) -> dict[str, int]:
        """The place of each constraint in the canonical order."""
        names = {name for node in self.nodes.values() for name in node.own}
        in_order = sorted(names, key=lambda name: (name in self.sessions, name.encode()))
        return {name: place for place, name in enumerate(in_order)}

    @cached_property
    def concrete(self) -> dict[str, int]:
        """The functions, and how much each gives."""
        return {node.name: node.gives or 0 for node in self.nodes.values() if node.is_concrete}


def read(text: str) -> Reading:
    """What a text says."""
    reading = Reading()
    for statement in COMMENT.sub(" ", text).split(";")[:-1]:
        _read_statement(reading, statement.strip())
    return reading


def _read_statement(reading: Reading, text: str) -> None:
    if found := SOURCE.fullmatch(text):
        reading.sources.append(Source(*found.groups()))
    elif found := TYPE.fullmatch(text):
        reading.predicates[found[1]] = found[2]
    elif found := HANDLER.fullmatch(text):
        for name in NAME.findall(found[1]):
            reading.node(name).handler = found[2]
    elif found := CONSTRAINT.fullmatch(text):
        _read_locks(reading, reading.node(found[1]), found[2])
    elif found := CASE.fullmatch(text):
        patterns = [pattern.strip().replace("*", "_") for pattern in found[2].split(",")]
        reading.node(found[1]).cases.append(Case(patterns, NAME.findall(found[3])))
    elif found := FLOW.fullmatch(text):
        reading.node(found[1]).cases.append(Case(None, NAME.findall(found[2])))
    elif found := SIGNATURE.fullmatch(text):
        reading.node(found[1]).gives = len(list(_parameters(found[3])))
    else:
        raise AssertionError(f"no statement: {text}")


def _read_locks(reading: Reading, node: Node, text: str) -> None:
    for name, mark, scope in LOCK.findall(text):
        node.own[name] = node.own.get(name, False) or mark != "?"
        if scope == "session":
            reading.sessions.add(name)


def _parameters(text: str) -> Iterator[str]:
    """What stands between the commas that stand in no brackets."""
    depth, parameter = 0, ""
    for sign in text.strip():
        depth += (sign in "([{<") - (sign in ")]}>")
        if sign == "," and not depth:
            yield parameter
            parameter = ""
        else:
            parameter += sign
    if parameter:
        yield parameter
