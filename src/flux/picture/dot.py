"""`flux graph --format dot --profile`: what Graphviz can show of a profile.

Nodes get their colour and their note, cases and errors their width and their number. Other edges
keep theirs: the drawing for Graphviz has more of them than paths can be followed along.
"""

from flux.drawing.colours import heat
from flux.graph.draw import Heat, Tint, as_dot
from flux.graph.model import ProgramGraph
from flux.picture.facts import NodeFacts, facts_of
from flux.picture.paint import is_dark, thickness, warmth
from flux.picture.words import count, rate
from flux.profile.model import Profile


def as_hot_dot(graph: ProgramGraph, profile: Profile) -> str:
    """The picture for Graphviz, with a profile. Raises TooLargeToDrawError."""
    facts = facts_of(profile)
    most = max((case.count for case in profile.cases), default=0)
    cases = {(case.node, case.case.strip("[]")): _flows(case.count, most) for case in profile.cases}
    nodes = {name: _node(known) for (name, _), known in facts.nodes.items()}
    errors = {
        name: Tint(note=f" {rate(known.failure_rate)}") for (name, _), known in facts.nodes.items()
    }
    return as_dot(graph, Heat(nodes, cases, errors))


def _node(known: NodeFacts) -> Tint:
    note = f"\\n{known.note}"
    if known.share is None:
        return Tint(note=note)
    ink = "white" if is_dark(known.share) else "black"
    fill = heat(warmth(known.share))
    return Tint(f', style="rounded,filled", fillcolor="{fill}", fontcolor={ink}', note)


def _flows(flows: int, most: int) -> Tint:
    return Tint(f", penwidth={thickness(flows, most):.1f}", f" · {count(flows)}")
