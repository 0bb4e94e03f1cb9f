"""What profiles add to a flow, a node and a constraint: from chains of few nodes and of many."""

from collections.abc import Callable

FEW, MANY = 2, 22

Best = Callable[[int, str, str], float]
"""The best time of a flow in ns: of how many nodes, `free` or `held`, its profile `off` or `on`, or
`counted`, where the profile is on and has seen so many flows that it times few.
"""


def costs(best: Best) -> dict[str, float]:
    """What the profile adds, in nanoseconds, and what there is without it."""

    def slope(kind: str, way: str) -> float:
        return (best(MANY, kind, way) - best(FEW, kind, way)) / (MANY - FEW)

    node = slope("free", "on") - slope("free", "off")
    return {
        "a node without the profile": slope("free", "off"),
        "a node, added": node,
        "a constraint, added": slope("held", "on") - slope("held", "off") - node,
        "a flow, added": best(FEW, "free", "on") - best(FEW, "free", "off") - FEW * node,
        "a flow that is counted, with one in 64 that is timed, added": best(FEW, "free", "counted")
        - best(FEW, "free", "off"),
    }


def table(language: str, best: Best, digits: int) -> str:
    """The costs as a table."""
    lines = [f"| {language} | ns |", "|---|--:|"]
    lines += [f"| {what} | {cost:.{digits}f} |" for what, cost in costs(best).items()]
    return "\n".join(lines)
