"""What goes into a JSON file of results beside the tables."""

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import asdict, is_dataclass

from measuring.load import Sample
from measuring.machine import DISTURBED


def plain(value: object) -> object:
    """Tuples and dataclasses with names become objects of JSON."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return plain(value._asdict())
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def version(*command: str) -> str:
    """The first line that a program prints about itself."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True)
    return done.stdout.decode().split("\n", 1)[0]


def disturbance(measured: object) -> str:
    """A sentence on how many of the samples anywhere in there others have disturbed."""
    samples = list(_samples(measured))
    disturbed = sum(sample.others > DISTURBED for sample in samples)
    return (
        f"Of {len(samples)} measurements, {disturbed} stayed disturbed: others used more than"
        f" {DISTURBED:.0%} of a processor meanwhile, each time that it was tried."
    )


def _samples(measured: object) -> Iterator[Sample]:
    if isinstance(measured, Sample):
        yield measured
    elif isinstance(measured, Mapping):
        yield from _samples(list(measured.values()))
    elif isinstance(measured, list | tuple):
        for each in measured:
            yield from _samples(each)
