"""Random models that use all of the theory: for hypothesis."""

from hypothesis import strategies as st

from flux.simulation.model import (
    Closed,
    Constraint,
    Function,
    Give,
    Machine,
    Model,
    Open,
    Recorded,
    Route,
    Run,
    Source,
    Take,
)
from flux.simulation.times import (
    NOTHING,
    Constant,
    Empirical,
    Erlang,
    Exponential,
    Hyperexponential,
    Lognormal,
    Uniform,
)

# Times that meet each other: many events at one instant.
lengths = st.sampled_from([0.5, 1.0, 2.0, 0.3, 0.7])

times = st.one_of(
    st.builds(Constant, lengths),
    st.builds(Exponential, lengths),
    st.builds(Uniform, st.just(0.25), lengths.map(lambda high: high + 0.25)),
    st.builds(Erlang, lengths, st.integers(1, 4)),
    st.builds(Lognormal, lengths, lengths),
    st.builds(Hyperexponential, st.tuples(lengths, lengths), st.just((1.0, 2.0))),
    st.builds(Empirical, st.just((0.1, 0.2, 0.4, 0.8)), st.just((3, 0, 5))),
)
optional_times = st.one_of(st.just(NOTHING), times)

functions = st.lists(
    st.builds(
        Function, st.just("function"), times, optional_times, st.sampled_from([0.0, 0.25, 1.0])
    ),
    min_size=1,
    max_size=3,
)
constraints = st.lists(
    st.builds(Constraint, st.just("constraint"), st.sampled_from(["program", "session"])),
    max_size=2,
)
arrivals = st.one_of(
    st.builds(Open, times, st.integers(1, 3)),
    st.builds(Recorded, st.lists(lengths, min_size=1, max_size=4).map(tuple)),
    st.builds(Closed, st.integers(1, 100), times),
)
machines = st.builds(
    Machine,
    processors=st.integers(1, 4),
    discipline=st.sampled_from(["hold", "fifo", "ps"]),
    loops=st.booleans(),
    threads=st.one_of(st.none(), st.integers(1, 6)),
    max_flows=st.one_of(st.none(), st.integers(1, 8)),
    drops=st.booleans(),
    policy=st.sampled_from(["handoff", "barging"]),
    patience=st.sampled_from([0.0, 0.5, 5.0]),
    wakeup=st.sampled_from([0.0, 0.1]),
    turns=st.booleans(),
    gil_interval=st.sampled_from([0.25, 1.0]),
    overhead=optional_times,
    overhead_gil=st.sampled_from([0.0, 0.25, 1.0]),
)


@st.composite
def steps(draw, size, first, most):
    """Calls, and constraints held around them in the canonical order."""
    whole = []
    for _ in range(draw(st.integers(0, 3))):
        constraint = draw(st.integers(first, most))
        if constraint == most:
            whole.append(Run(draw(st.integers(0, size - 1))))
        else:
            mode = draw(st.sampled_from(["reader", "writer"]))
            inner = draw(steps(size, constraint + 1, most))
            whole += [Take(constraint, mode), *inner, Give(constraint, mode)]
    return tuple(whole)


@st.composite
def models(draw):
    """A model whose constraints are all taken in their order."""
    all_functions, all_constraints = draw(functions), draw(constraints)
    ways = steps(len(all_functions), 0, len(all_constraints))
    routes = st.builds(Route, st.just("route"), st.sampled_from([1.0, 2.0, 0.5]), ways)
    some = st.lists(routes, min_size=1, max_size=3).map(tuple)
    sources = draw(
        st.lists(
            st.builds(Source, st.just("source"), arrivals, some, st.booleans()),
            min_size=1,
            max_size=2,
        )
    )
    return Model(
        "random", tuple(sources), tuple(all_functions), tuple(all_constraints), draw(machines),
        draw(st.integers(1, 3)),
    )  # fmt: skip
