"""The command line: what stands after `--` in `flux run image.flux -- …`."""

from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import dataclass
from math import inf
from pathlib import Path

MOST_IN_16_BITS = 65_535


@dataclass(frozen=True, slots=True)
class Options:
    """Where to listen, what to serve, and how much of anything."""

    host: str
    port: int
    root: Path
    cache_bytes: int
    max_pixels: int
    connections: int
    backlog: int
    timeout: float
    idle_timeout: float


def parse_options(arguments: list[str]) -> Options:
    """The options that some words mean; a wrong one ends the program, as `--help` does."""
    return Options(**vars(_parser().parse_args(arguments)))


def _parser() -> ArgumentParser:
    parser = ArgumentParser("image.flux", description="Serve the PPM pictures of a folder as JPEGs")
    add = parser.add_argument
    add("--host", metavar="ADDRESS", default="127.0.0.1", help="address to listen on (%(default)s)")
    add(
        "--port",
        metavar="N",
        type=_sixteen_bits,
        default=8080,
        help="port, 0 for any free one (%(default)s)",
    )
    add(
        "--root",
        metavar="FOLDER",
        type=_folder,
        default=_pictures(),
        help="folder of the pictures (pictures)",
    )
    add(
        "--cache-bytes",
        metavar="N",
        type=_whole,
        default=64 << 20,
        help="bound of the cache (64 MiB)",
    )
    add(
        "--max-pixels",
        metavar="N",
        type=_whole,
        default=16 << 20,
        help="bound of one picture (16 Mi)",
    )
    add(
        "--connections", metavar="N", type=_whole, default=10_000, help="open at once (%(default)s)"
    )
    add(
        "--backlog",
        metavar="N",
        type=_sixteen_bits,
        default=1024,
        help="new clients that may wait (%(default)s)",
    )
    add(
        "--timeout",
        metavar="SECONDS",
        type=_seconds,
        default=10.0,
        help="to send a request, to take a reply (10)",
    )
    add(
        "--idle-timeout",
        metavar="SECONDS",
        type=_seconds,
        default=60.0,
        help="between two requests (60)",
    )
    return parser


def _pictures() -> str:
    return str(Path(__file__).parent / "pictures")


def _whole(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ArgumentTypeError(f"{number} is below 0")
    return number


def _sixteen_bits(text: str) -> int:
    number = _whole(text)
    if number > MOST_IN_16_BITS:
        raise ArgumentTypeError(f"{number} is above {MOST_IN_16_BITS}")
    return number


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < inf:
        raise ArgumentTypeError(f"{text} is no span of time")
    return seconds


def _folder(text: str) -> Path:
    path = Path(text)
    if not path.is_dir():
        raise ArgumentTypeError(f"there is no folder {text} (samples.py paints one)")
    return path
