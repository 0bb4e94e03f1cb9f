"""Runs a program that `flux build` has generated, without the compiler.

python -m flux.runtime build/image_flux.py --nodes image.py --runtime pool -- --port 8080

For the event runtime the interpreter is started anew, by `flux fibers`.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from flux.runtime.fibers import has_fibers
from flux.runtime.files import imported
from flux.runtime.options import FOR_POOLS, MOST, QUEUE
from flux.runtime.profiling import ProfileError, ProfileOptions
from flux.runtime.server import Server
from flux.runtime.tracing import EVERY, RAREST, TraceError, TraceOptions
from flux.runtime.workers.supervisor import MOST_WORKERS, START_TIMEOUT, supervise


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until a signal or the program's own end; the exit status."""
    own, args = _divided(list(sys.argv[1:] if arguments is None else arguments))
    parser = _parser()
    chosen = parser.parse_args(own)
    _refuse_useless(parser, chosen)
    if chosen.runtime == "event" and not has_fibers():
        _become_fibrous(sys.argv[1:] if arguments is None else arguments)
    for path in (chosen.program, chosen.nodes):
        if not path.is_file():
            sys.stderr.write(f"flux: there is no file {path}\n")
            return 2
    status = _supervised(chosen) if chosen.workers else None
    return _serve(chosen, args) if status is None else status


def _supervised(chosen: argparse.Namespace) -> int | None:
    """The exit status of the server's workers; None: this process is one of them."""
    return supervise(chosen.workers, chosen.drain, chosen.start_timeout or START_TIMEOUT)


def _serve(chosen: argparse.Namespace, args: Sequence[str]) -> int:
    server = Server(
        imported(chosen.program).program,
        imported(chosen.nodes),
        facts=_facts(chosen.program),
        runtime=chosen.runtime,
        threads=chosen.threads,
        queue=chosen.queue or QUEUE,
        max_flows=chosen.max_flows,
        drain=chosen.drain,
        args=args,
        profile=_profile(chosen),
        trace=TraceOptions(chosen.trace, chosen.trace_every or EVERY),
    )
    try:
        return server.run()
    except (ProfileError, TraceError) as error:
        sys.stderr.write(f"flux: {error}\n")
        return 2


def _become_fibrous(arguments: Sequence[str]) -> NoReturn:
    """Let `flux fibers` start this anew: it has the engine, or says why there is none here."""
    again = ["-P", "-m", "flux.cli", "fibers", "-m", "flux.runtime", *arguments]
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, *again])  # noqa: S606 - no shell is wanted


def _divided(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Our arguments, and those behind `--`, for the program's functions."""
    if "--" not in arguments:
        return arguments, []
    place = arguments.index("--")
    return arguments[:place], arguments[place + 1 :]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m flux.runtime",
        description="Run a program that `flux build` has generated, without the compiler.",
        epilog="What stands behind `--` is for the program's functions.",
    )
    parser.add_argument("program", type=Path, help="the generated program, image_flux.py")
    parser.add_argument("--nodes", type=Path, required=True, help="the file with its functions")
    parser.add_argument("--runtime", choices=["thread", "pool", "event"], default="thread")
    parser.add_argument("--threads", type=_count, help="the size of the pool")
    parser.add_argument("--queue", type=_count, help=f"flows that may wait for it [{QUEUE}]")
    parser.add_argument("--max-flows", type=_count, help="flows alive at a time")
    parser.add_argument("--workers", type=_workers, metavar="N", help="serve in N processes")
    parser.add_argument(
        "--start-timeout",
        type=_seconds,
        metavar="SECONDS",
        help=f"how long each may take until it serves [{START_TIMEOUT:g}]",
    )
    parser.add_argument("--drain", type=float, default=25.0, help="seconds to finish when stopped")
    parser.add_argument("--profile", action="store_true", help="profile from the start")
    parser.add_argument(
        "--profile-file", type=_to_write, metavar="FILE", help="where the profile is written"
    )
    parser.add_argument(
        "--profile-listen", metavar="ADDRESS", help="where it is asked for, as 127.0.0.1:9100"
    )
    parser.add_argument(
        "--profile-token-file", metavar="FILE", help="a secret that those who ask must know"
    )
    parser.add_argument("--trace", metavar="URL", help="send traces there, as OTLP over HTTP")
    parser.add_argument(
        "--trace-every", type=_every, metavar="N", help=f"trace one flow in N [{EVERY}]"
    )
    return parser


def _profile(chosen: argparse.Namespace) -> ProfileOptions:
    return ProfileOptions(
        chosen.profile, chosen.profile_file, chosen.profile_listen, chosen.profile_token_file
    )


def _refuse_useless(parser: argparse.ArgumentParser, chosen: argparse.Namespace) -> None:
    """What the runtime would ignore is most likely a mistake."""
    for name in FOR_POOLS:
        if chosen.runtime != "pool" and getattr(chosen, name) is not None:
            parser.error(f"--{name} is for --runtime pool, and this is --runtime {chosen.runtime}")
    if chosen.start_timeout is not None and chosen.workers is None:
        parser.error("--start-timeout is for --workers, which is not given")
    if chosen.profile_token_file is not None and chosen.profile_listen is None:
        parser.error("--profile-token-file is for --profile-listen, which is not given")
    if chosen.trace_every is not None and chosen.trace is None:
        parser.error("--trace-every is for --trace, which is not given")


def _count(text: str, most: int = MOST) -> int:
    if not 1 <= (number := int(text)) <= most:
        raise argparse.ArgumentTypeError(f"must be from 1 to {most:,}")
    return number


def _workers(text: str) -> int:
    return _count(text, MOST_WORKERS)


def _to_write(name: str) -> str:
    if not (folder := Path(name).parent).is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {folder} to write to")
    return name


def _seconds(text: str) -> float:
    if not (seconds := float(text)) > 0:
        raise argparse.ArgumentTypeError("must be more than 0 seconds")
    return seconds


def _every(text: str) -> int:
    return _count(text, RAREST)


def _facts(program: Path) -> Mapping[str, Any] | None:
    """What the compiler wrote beside the program: paths have no names without it."""
    file = program.with_suffix(".json")
    if not file.is_file():
        return None
    facts: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return facts


if __name__ == "__main__":
    sys.exit(main())
