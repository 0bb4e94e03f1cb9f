"""What generated Python imports: flows, constraints, and the server that runs them.

Programs start fast, so the runtime imports little: its records are NamedTuples, for `dataclasses`
alone would take a fifth of the time.
"""

from flux.runtime.constraints import Constraints
from flux.runtime.endings import Outcome
from flux.runtime.errors import (
    BadOutput,
    FlowEnded,
    MissingFunctions,
    NoMatch,
    NoSession,
    SourceEnded,
)
from flux.runtime.fibers import MissingFibersError
from flux.runtime.flow import Flow, current_error
from flux.runtime.nodes import Nodes
from flux.runtime.paths import Paths
from flux.runtime.profiling import ProfileError, ProfileOptions
from flux.runtime.program import Program, Source
from flux.runtime.server import Counters, Drained, Server
from flux.runtime.tracing import TraceError, TraceOptions, join_trace, traceparent
from flux.runtime.workers.worker import announce

__all__ = [
    "BadOutput",
    "Constraints",
    "Counters",
    "Drained",
    "Flow",
    "FlowEnded",
    "MissingFibersError",
    "MissingFunctions",
    "NoMatch",
    "NoSession",
    "Nodes",
    "Outcome",
    "Paths",
    "ProfileError",
    "ProfileOptions",
    "Program",
    "Server",
    "Source",
    "SourceEnded",
    "TraceError",
    "TraceOptions",
    "announce",
    "current_error",
    "join_trace",
    "traceparent",
]
