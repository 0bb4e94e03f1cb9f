"""What paths, nodes and constraints are called where people see them."""

from flux.profile.model import Constraint, Node, Path


def path_name(path: Path) -> str:
    """The nodes on a path, also if it has no number and so no name."""
    return path.name or f"{path.source} -> (paths without a number)"


def node_name(node: Node) -> str:
    """A function, and what kind of one unless it is an ordinary node."""
    return node.node if node.kind == "node" else f"{node.node} ({node.kind})"


def constraint_name(constraint: Constraint) -> str:
    """`cache`, `cache?` for readers, `cart (session)` for what each session has of its own."""
    mark = "?" if constraint.mode == "reader" else ""
    scope = " (session)" if constraint.scope == "session" else ""
    return f"{constraint.constraint}{mark}{scope}"
