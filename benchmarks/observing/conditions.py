"""Under which conditions a run counts: the rule is written down in `benchmarks/reality.py`."""

from dataclasses import dataclass

OTHERS = 0.05
"""Of a processor: if others use more, the run is void."""
SHARED = 0.05
"""Of the server's processors: if a load generator that shares them uses more, the run is void."""
OWN = 0.7
"""Of a processor of its own: if the load generator uses more, it may be what is measured."""

STOPPED = 0.01
"""In seconds: if a processor of the server's stands still for longer at a time, the run is void."""
PACE = 0.05
"""If the same work takes the server's processors so much longer than usual, or less, it is void."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What else happened during a run."""

    others: float  # processors used by anybody else
    load: float  # the share of its processors that the load generator used
    shares: bool  # whether these are the server's
    failed: int  # flows that came to no good end
    stopped: float = 0.0  # the longest time in seconds for which a server's processor stood still
    pace: float = 1.0  # the time that the same work took on the server's, of what is usual

    @property
    def disturbance(self) -> float:
        """How much others and the machine below disturbed: above 1, the run is void."""
        return max(self.others / OTHERS, self.stopped / STOPPED, abs(self.pace - 1) / PACE)


def why_void(run: Conditions) -> str | None:
    """What makes a run void, if anything does."""
    if run.others > OTHERS:
        return f"others used {run.others:.0%} of a processor"
    if run.load > (SHARED if run.shares else OWN):
        whose = "the server's" if run.shares else "its"
        return f"the load generator used {run.load:.0%} of {whose} processors"
    if run.stopped > STOPPED:
        return f"a processor stood still for {1e3 * run.stopped:.0f} ms"
    if abs(run.pace - 1) > PACE:
        return f"the same work took {run.pace:.0%} of its usual time"
    if run.failed:
        return f"{run.failed} flows failed"
    return None
