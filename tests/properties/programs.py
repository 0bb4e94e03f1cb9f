"""Random Flux programs without errors, as text.

Constraints come last, for only then is it known which nodes run where a session is known.
"""

from dataclasses import dataclass
from random import Random

from hypothesis import strategies as st
from properties.drafts import PORTS, Draft, Drafts, Port

PREDICATES = {"small": "IsSmall", "even": "IsEven", "hit": "TestInCache", "_old": "TestInCache"}
PARAMETERS = ("flow", "error", "path", "in", "value", "N1")
CONSTRAINTS = ("a", "b", "c", "B", "_d", "s", "A", "S")
SESSION_CONSTRAINTS = ("s", "A", "S")
MOST_BYTES = 2500


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """A source statement under way."""

    node: Draft
    target: Draft
    session: str | None


def program_text(random: Random) -> str:
    """A whole program."""
    drafts = Drafts(random)
    sources: dict[str, SourceDraft] = {}
    sessions = random.choice((0.0, 0.5, 1.0))
    for _ in range(random.randint(1, 3)):
        source = _source(drafts, sources, sessions)
        sources[source.node.name] = source
    statements = [
        *_signatures(drafts),
        *_flows(drafts),
        *_handlers(drafts),
        *_types(),
        *_constraints(drafts, list(sources.values())),
        *(_source_text(drafts, source) for source in sources.values()),
    ]
    random.shuffle(statements)
    cases = _case_statements(drafts)
    return "".join(f"{statement}\n" for statement in _in_order(statements, cases))


class Choices(Random):
    """Chances read from bytes, so that a smaller program comes from smaller bytes.

    Hypothesis shrinks these; its own `st.randoms` does so, too, but takes 60 ms a program.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data = iter(data)

    def random(self) -> float:
        return self.getrandbits(16) / 2**16

    def getrandbits(self, k: int, /) -> int:
        number = 0
        for _ in range(0, k, 8):
            number = number << 8 | next(self._data, 0)
        return number >> -k % 8


programs = st.binary(min_size=MOST_BYTES, max_size=MOST_BYTES).map(Choices).map(program_text)


def numbered_program(seed: int) -> str:
    """The same program each time."""
    return program_text(Random(seed))


def _source(drafts: Drafts, others: dict[str, SourceDraft], sessions: float) -> SourceDraft:
    port = drafts.random.choice(PORTS)
    node = drafts.node((), port, depth=2, room=20)
    if node.name in others or not node.runs:
        node = drafts.concrete((), port)
    ending = drafts.random.choice(PORTS)
    make = drafts.abstract if drafts.chance(0.8) else drafts.node
    target = make(port, ending, depth=6, room=100)
    session = f"Id{PORTS.index(port)}" if drafts.chance(sessions) else None
    return SourceDraft(node, target, session)


def _source_text(drafts: Drafts, source: SourceDraft) -> str:
    session = f" {{session: {source.session}}}" if source.session else ""
    return f"source {source.node.name}{session} {_arrow(drafts)} {source.target.name};"


def _arrow(drafts: Drafts) -> str:
    return drafts.random.choice(("->", "=>"))


def _signatures(drafts: Drafts) -> list[str]:
    return [
        f"{node.name} ({_parameters(drafts, node.inputs)}) {_arrow(drafts)} "
        f"({_parameters(drafts, node.outputs)});"
        for node in drafts.nodes
        if node.declared
    ]


def _parameters(drafts: Drafts, port: Port) -> str:
    names = drafts.random.sample(PARAMETERS, len(port))
    return ", ".join(f"{type_} {name}" for type_, name in zip(port, names, strict=True))


def _flows(drafts: Drafts) -> list[str]:
    return [
        f"{node.name} = {_chain_text(drafts, chain)};"
        for node in drafts.nodes
        for patterns, chain in node.chains
        if patterns is None
    ]


def _case_statements(drafts: Drafts) -> list[str]:
    return [
        f"{node.name}:[{', '.join(patterns)}] = {_chain_text(drafts, chain)};"
        for node in drafts.nodes
        for patterns, chain in node.chains
        if patterns is not None
    ]


def _in_order(statements: list[str], cases: list[str]) -> list[str]:
    """The cases keep their order, which means something; the rest stands anywhere."""
    half = len(statements) // 2
    return [*statements[:half], *cases, *statements[half:]]


def _chain_text(drafts: Drafts, chain: list[Draft]) -> str:
    """The chain, some of it in parentheses."""
    names = [node.name for node in chain]
    if names and drafts.chance(0.2):
        first = drafts.random.randrange(len(names))
        last = drafts.random.randrange(first, len(names))
        names[first] = f"({names[first]}"
        names[last] += ")"
    return " -> ".join(names)


def _handlers(drafts: Drafts) -> list[str]:
    """One statement for each handler, or one for all the nodes that it looks after."""
    nodes: dict[str, list[str]] = {}
    for node in drafts.nodes:
        if node.handler:
            key = node.handler.name if drafts.chance(0.5) else f"{node.handler.name} {node.name}"
            nodes.setdefault(key, []).append(node.name)
    return [
        f"handle error {', '.join(names)} {_arrow(drafts)} {key.split()[0]};"
        for key, names in nodes.items()
    ]


def _types() -> list[str]:
    return [f"typedef {name} {predicate};" for name, predicate in PREDICATES.items()]


def _constraints(drafts: Drafts, sources: list[SourceDraft]) -> list[str]:
    """Few names or many, on few nodes or on many."""
    sessionless = [source.node for source in sources]
    sessionless += [source.target for source in sources if source.session is None]
    reached = _reached(sessionless)
    share = drafts.random.choice((0.1, 0.3, 0.6))
    names = drafts.random.sample(CONSTRAINTS, drafts.random.randint(2, len(CONSTRAINTS)))
    without_session = [name for name in names if name not in SESSION_CONSTRAINTS]
    return [
        _constraint(drafts, node, usable)
        for node in drafts.nodes
        for usable in [without_session if node.name in reached else names] * 2
        if usable and drafts.chance(share)
    ]


def _reached(roots: list[Draft]) -> set[str]:
    reached: set[str] = set()
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if node.name not in reached:
            reached.add(node.name)
            waiting += node.inner()
    return reached


def _constraint(drafts: Drafts, node: Draft, names: list[str]) -> str:
    chosen = drafts.random.sample(names, drafts.random.randint(1, min(3, len(names))))
    keyword = drafts.random.choice(("constraint", "atomic"))
    return f"{keyword} {node.name}:{{{', '.join(_lock(drafts, name) for name in chosen)}}};"


def _lock(drafts: Drafts, name: str) -> str:
    mark = drafts.random.choice(("", "!", "?", "?"))
    if name in SESSION_CONSTRAINTS:
        return f"{name}{mark}(session)"
    return f"{name}{mark}{drafts.random.choice(('', '(program)'))}"
