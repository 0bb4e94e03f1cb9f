"""What stands in for the makers of models, and what little there is to simulate."""

from flux.simulation.prediction.replications import Subject
from flux.simulation.prediction.settings import Setting, applied

FAST = ("--runs", "4", "--flows", "500", "--jobs", "1")


class WrongError(Exception):
    """Parameters that can't be used."""


def edited(model, changes, program):
    """The model with a larger pool, whatever is asked for."""
    assert program.statements
    if "nonsense" in changes:
        raise WrongError("`nonsense` is no change: write cache=reader")
    return applied(model, Setting(threads=32))


def by_hand(model):
    def read(text, _plan, name):
        if "wrong" in text:
            raise WrongError(f"{name}, line 1: `wrong` is no table")
        return Subject(model)

    return read
