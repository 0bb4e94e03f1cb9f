"""The values that flow through a routine, as C++ variables.

A routine has the shape of a node: inputs by value, outputs by pointer. Values are called by the
signatures' names. The same name may stand for data of different types in one routine; then the
later variable has a `_` behind its name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flux.backends.cpp.names import Names, free
from flux.graph.model import Parameter, Signature
from flux.plan.model import Plan, Routine


@dataclass(frozen=True, slots=True)
class Value:
    """A value: its type, and the variable that holds it or the pointer to where it goes."""

    type: str
    name: str
    pointer: bool = False

    @property
    def value(self) -> str:
        """The value itself: `conn`, or `*out_conn`."""
        return f"*{self.name}" if self.pointer else self.name

    @property
    def address(self) -> str:
        """Where the value is, or will be: `&conn`, or `out_conn`."""
        return self.name if self.pointer else f"&{self.name}"


@dataclass(slots=True)
class Variables:
    """The variables of one routine; `visible` are those declared around the present place."""

    names: Names
    known: dict[tuple[str, str], str] = field(default_factory=dict)
    visible: set[str] = field(default_factory=set)

    def value(self, name: str, type_: str) -> Value:
        """The variable for a value of that name and type."""
        if (name, type_) not in self.known:
            taken = self.names.taken | set(self.known.values())
            self.known[name, type_] = free(name, taken)
        return Value(type_, self.known[name, type_])

    def values(self, names: Sequence[str], parameters: Sequence[Parameter]) -> tuple[Value, ...]:
        """The variables for values, by their names here and the parameters' types."""
        return tuple(
            self.value(name, str(parameter.type))
            for name, parameter in zip(names, parameters, strict=True)
        )

    def is_called(self, value: Value, name: str) -> bool:
        """Whether a value has a name in the Plan."""
        return self.known.get((name, value.type)) == value.name

    def results(self, routine: Routine) -> tuple[Value, ...]:
        """Where a routine's outputs go: `out_` and the name."""
        given = zip(routine.outputs, routine.signature.outputs, strict=True)
        named = [self.value(f"out_{name}", f"{parameter.type}*") for name, parameter in given]
        return tuple(Value(each.type[:-1], each.name, pointer=True) for each in named)


@dataclass(frozen=True, slots=True)
class Signatures:
    """What everything that a routine may call takes and gives."""

    functions: dict[str, Signature]
    routines: dict[str, Routine]

    def outputs(self, function: str, routine: str | None) -> tuple[Parameter, ...]:
        """What a call gives."""
        if routine is not None:
            return self.routines[routine].signature.outputs
        return self.functions[function].outputs


def signatures(plan: Plan) -> Signatures:
    """The signatures of a program."""
    return Signatures(
        {function.name: function.signature for function in plan.functions},
        {routine.id: routine for routine in plan.routines},
    )
