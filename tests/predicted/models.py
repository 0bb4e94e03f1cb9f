"""Models for tests: a small image server, and what else is told about by one number."""

from flux.simulation.model import (
    Constraint,
    Function,
    Give,
    Machine,
    Model,
    Open,
    Route,
    Run,
    Source,
    Take,
)
from flux.simulation.times import Constant, Exponential

CHECK, COMPRESS, SEND = range(3)


def image_model(rate=100.0, **machine):
    """Flows check a cache under a constraint; three in ten compress, which takes 20 ms."""
    check = (Take(0, "writer"), Run(CHECK), Give(0, "writer"))
    return Model(
        program="image.flux",
        sources=(
            Source(
                "Listen",
                Open(Exponential(1 / rate)),
                (
                    Route("Listen -> Check -> Send", 0.7, (*check, Run(SEND))),
                    Route(
                        "Listen -> Check -> Compress -> Send",
                        0.3,
                        (*check, Run(COMPRESS), Run(SEND)),
                    ),
                ),
            ),
        ),
        functions=(
            Function("Check", Exponential(0.001)),
            Function("Compress", Exponential(0.02)),
            Function("Send", Constant(0.0005), io=Constant(0.002)),
        ),
        constraints=(Constraint("cache"),),
        machine=Machine(**machine),
    )


def single(rate=50.0, service=0.01, **machine):
    """One node, no constraint."""
    route = Route("Listen -> Work", 1.0, (Run(0),))
    source = Source("Listen", Open(Exponential(1 / rate)), (route,))
    functions = (Function("Work", Exponential(service)),)
    return Model("single.flux", (source,), functions, (), Machine(**machine))
