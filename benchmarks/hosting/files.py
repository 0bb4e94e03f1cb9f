"""The static files of SPECweb99, and the order in which clients ask for them.

A directory has nine files in each of four classes: of 0.1 KB and its multiples up to 0.9 KB, of
1 KB, 10 KB and 100 KB and theirs. Of all requests, 35, 50, 14 and 1 % are for these classes. A
directory is chosen by Zipf's law: the n-th most popular one is asked n times less often than the
first. SPECweb99 makes as many directories as a server is fast; here they are as many as fit into
the memory of any server, as in the paper.

What is asked is dealt in hands of 900 requests: each has all files of a class equally often, in an
order by chance. So all hands are of equal length in bytes, and a short measurement isn't at the
mercy of the one reply in a hundred that is a third of all bytes.
"""

from collections.abc import Iterator, Sequence
from random import Random

from measuring.builds import BUILD

DIRECTORIES = 10
HANDS = 20  # after which the order begins anew
SHARES = (35, 50, 14, 1)  # of the classes, in percent
FILES = range(1, 10)  # of a class

FOLDER = BUILD / "specweb99"
TARGETS = BUILD / "specweb99-targets"

_KIB = 1024


def size(kind: int, file: int) -> int:
    """The bytes of a file: its class from 0, its place in there from 1."""
    return file * _KIB * int(10**kind) // 10


def weights(count: int) -> list[float]:
    """How often each of so many is chosen by Zipf's law, in proportion to the first."""
    return [1 / rank for rank in range(1, count + 1)]


def order(hands: int, directories: int, seed: int = 1) -> Iterator[str]:
    """The paths of files as they are asked for."""
    random = Random(seed)  # noqa: S311 - the same in every run
    popularity = weights(directories)
    for _ in range(hands):
        for kind, file in _hand(random):
            (directory,) = random.choices(range(directories), popularity)
            yield path(directory, kind, file)


def path(directory: int, kind: int, file: int) -> str:
    """Where a file is, as SPECweb99 calls it."""
    return f"dir{directory:05}/class{kind}_{file}"


def prepare() -> None:
    """Make the files, and the list of what to ask for."""
    for directory in range(DIRECTORIES):
        for kind in range(len(SHARES)):
            for file in FILES:
                _make(path(directory, kind, file), size(kind, file))
    lines = (f"/{name} {FOLDER / name}\n" for name in order(HANDS, DIRECTORIES))
    TARGETS.write_text("".join(lines))


def _hand(random: Random) -> Sequence[tuple[int, int]]:
    hand = [
        (kind, file) for kind, share in enumerate(SHARES) for file in FILES for _ in range(share)
    ]
    random.shuffle(hand)
    return hand


def _make(name: str, length: int) -> None:
    """A file that is like no other, unless it is there."""
    file = FOLDER / name
    if file.exists() and file.stat().st_size == length:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(Random(name).randbytes(length))  # noqa: S311 - no secret
