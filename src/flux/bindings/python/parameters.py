"""The parameters of a function to be written, by the names of the signature."""

from collections.abc import Sequence
from keyword import iskeyword

from flux.graph.model import Parameter


def parameter_names(parameters: Sequence[Parameter]) -> list[str]:
    """The names as Python takes them: `class` becomes `class_`."""
    names: list[str] = []
    taken = {parameter.name for parameter in parameters}
    for parameter in parameters:
        name = parameter.name
        while iskeyword(name) or name in names or (name != parameter.name and name in taken):
            name += "_"
        names.append(name)
    return names
