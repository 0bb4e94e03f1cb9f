"""Under which conditions a run counts: the rule is written down in `benchmarks/reality.py`."""

from dataclasses import dataclass

OTHERS = 0.05
"""Of a processor: if others use more, the run is void."""
SHARED = 0.05
"""Of the server's processors: if a load generator that shares them uses more, the run is void."""
OWN = 0.7
"""Of a processor of its own: if the load generator uses more, it may be what is measured."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What else happened during a run."""

    others: float  # processors used by anybody else
    load: float  # the share of its processors that the load generator used
    shares: bool  # whether these are the server's
    failed: int  # flows that came to no good end
    stopped: bool = False  # whether the kernel may have taken the processor from real-time threads


def why_void(run: Conditions) -> str | None:
    """What makes a run void, if anything does."""
    if run.others > OTHERS:
        return f"others used {run.others:.0%} of a processor"
    if run.load > (SHARED if run.shares else OWN):
        whose = "the server's" if run.shares else "its"
        return f"the load generator used {run.load:.0%} of {whose} processors"
    if run.stopped:
        return "real-time throttling"
    if run.failed:
        return f"{run.failed} flows failed"
    return None
