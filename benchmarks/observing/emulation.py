"""Emulated processors: what a profile of them means, and the order in which they serve.

A node that would compute holds a token and sleeps, so its time is what it would compute. Nobody
waited for a token while the profile was taken. Each node asks for a token anew, so processors serve
nodes first come, first served, and a flow doesn't keep one from node to node. A source needs none.
Threads that sleep or wait for the lock wake up as late as anywhere.
"""

from dataclasses import replace

import msgspec

from flux.profile.model import Node, Profile
from flux.simulation.model import Model

MOST_TOKENS = 64
"""While the profile is taken."""


def as_emulated(profile: Profile) -> Profile:
    """The profile as that of a server whose nodes compute while they hold a token."""
    nodes = tuple(map(_computing, profile.nodes))
    cpu = sum(node.wall.total for node in nodes if node.kind == "node")
    server = msgspec.structs.replace(profile.server, processors=MOST_TOKENS)
    return msgspec.structs.replace(profile, server=server, nodes=nodes, cpu=cpu)


def in_order(model: Model) -> Model:
    """The model with processors that serve nodes, and nobody else, in the order they come in.

    If a source had to wait for a processor as well, flows that have begun would overtake the others
    that wait for it, and the mean would be less by a tenth and more.
    """
    return replace(model, machine=replace(model.machine, discipline="fifo", turns=False))


def _computing(node: Node) -> Node:
    return msgspec.structs.replace(node, cpu=node.wall) if node.kind == "node" else node
