"""Does a target conform? `python -m flux.conformance --target NAME` tells, behaviour by behaviour.

Exits with 1 if it doesn't.
"""

import argparse
import sys

from flux.conformance import (
    BEHAVIOURS,
    Behaviour,
    Carrier,
    PythonCarrier,
    behaviours_on,
    differences,
)
from flux.conformance.carrier import RUNTIMES
from flux.conformance.cpp import RUNTIMES as CPP_RUNTIMES
from flux.conformance.cpp import CppCarrier
from flux.conformance.cpp.build import SANITIZERS, flags_of


def main() -> int:
    """Run the suite; the exit status."""
    arguments = _parser().parse_args()
    if arguments.act:
        chosen = next(each for each in BEHAVIOURS if each.name == arguments.act)
        return PythonCarrier(arguments.target, arguments.runtime[0]).act(chosen).status
    failed = False
    for carrier in _carriers(arguments):
        for behaviour in behaviours_on(carrier.runtime):
            failed |= not _shows(carrier, behaviour)
            if failed and arguments.first:
                return 1
    return int(failed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m flux.conformance", description=__doc__)
    parser.add_argument("--target", default="python", metavar="NAME")
    parser.add_argument("--runtime", action="append", choices=CPP_RUNTIMES)
    parser.add_argument("--first", action="store_true", help="stop at the first difference")
    parser.add_argument("--sanitize", choices=SANITIZERS, help="what to watch for in C++")
    names = [behaviour.name for behaviour in BEHAVIOURS]
    parser.add_argument("--act", metavar="NAME", choices=names, help="only act out one behaviour")
    return parser


def _carriers(arguments: argparse.Namespace) -> list[Carrier]:
    if arguments.target == "cpp":
        flags = flags_of(arguments.sanitize)
        return [CppCarrier(runtime, flags) for runtime in arguments.runtime or CPP_RUNTIMES]
    return [PythonCarrier(arguments.target, runtime) for runtime in arguments.runtime or RUNTIMES]


def _shows(carrier: Carrier, behaviour: Behaviour) -> bool:
    found = differences(behaviour, carrier.run(behaviour))
    verdict = "no" if found else "ok"
    sys.stdout.write(f"{verdict}  {carrier.target} {carrier.runtime}: {behaviour.name}\n")
    sys.stdout.writelines(f"      {difference}\n" for difference in found)
    return not found


if __name__ == "__main__":
    sys.exit(main())
