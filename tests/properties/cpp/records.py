"""What a program in C++ tells of its turns and flows, in the words of the model."""

from dataclasses import dataclass, field

from properties.checker import Ending
from properties.cpp.dictation import Part
from properties.events import Event

from flux.runtime import Counters


@dataclass(slots=True)
class Record:
    """What happened in one turn or flow, how it ended, and its path's number and name."""

    ending: Ending
    events: list[Event] = field(default_factory=list)
    number: int | None = None
    path: str = ""


@dataclass(slots=True)
class Told:
    """All that a process has told: `clashes` are constraints in which a writer wasn't alone."""

    records: dict[Part, Record] = field(default_factory=dict)
    counters: Counters | None = None
    clashes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Values:
    """The numbers that values carry in C++, as the model's values."""

    seed: int
    sources: list[str]

    def __getitem__(self, number: int) -> str:
        rest, place = divmod(number, 1 << 2)
        part, happened = divmod(rest, 1 << 14)
        turn, is_flow = divmod(part, 2)
        source, turn = divmod(turn, 1 << 10)
        if not 0 <= source < len(self.sources):
            return f"no value of this run: {number}"
        kind = "flow" if is_flow else "turn"
        return f"{self.seed} {kind} {self.sources[source]} {turn}: {happened}.{place}"


def told_by(output: str, values: Values) -> Told:
    """Read the lines that stage.cpp writes."""
    told = Told()
    for line in output.splitlines():
        match line.split(" "):
            case ["turn" | "flow" as kind, source, number, ending]:
                part = (kind == "flow", values.sources[int(source)], int(number))
                record = told.records[part] = Record(Ending(ending))
            case ["path", number, *_]:
                record.number, record.path = int(number), line.split(" ", 2)[2]
            case ["take" | "give" as kind, name, mode, *session]:
                record.events.append(Event(kind, name, (mode, *map(int, session))))
            case ["node" | "predicate" | "session" as kind, name, *inputs]:
                detail = tuple(values[int(each)] for each in inputs)
                record.events.append(Event(kind, name, detail))
            case ["counts", *counts]:
                told.counters = Counters(*map(int, counts))
            case ["clash", name]:
                told.clashes.append(name)
            case _:
                raise AssertionError(line)
    return told
