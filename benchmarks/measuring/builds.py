"""The C++ programs of benchmarks, compiled into `build/bench` when they have changed."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

BENCHMARKS = Path(__file__).parent.parent
ROOT = BENCHMARKS.parent
BUILD = ROOT / "build" / "bench"
FLUX = Path(sys.executable).with_name("flux")

COMPILE = ("g++", "-std=c++20", "-O2", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror")


def program(folder: str, *libraries: str) -> Path:
    """The program made of all C++ files in a folder of the benchmarks."""
    sources = sorted((BENCHMARKS / folder).glob("*.cpp"))
    headers = (BENCHMARKS / folder).glob("*.hpp")
    binary = BUILD / folder
    if not _is_newer(binary, [*sources, *headers]):
        BUILD.mkdir(parents=True, exist_ok=True)
        flags = [f"-l{library}" for library in libraries]
        subprocess.run([*COMPILE, *sources, "-o", binary, *flags], check=True)
    return binary


def require(commands: dict[str, str]) -> None:
    """End with what is to be installed, unless every command (of that package) is there."""
    missing = [package for command, package in commands.items() if not _is_there(command)]
    if missing:
        sys.exit(f"Something is missing here: sudo apt-get install {' '.join(missing)}")


def installed(command: str) -> Path | None:
    """Where a command is, in its last version if a `*` stands for one; None if it isn't there."""
    for folder in ("/usr/bin", "/usr/sbin", "/usr/local/bin"):
        if found := sorted(Path(folder).glob(command)):
            return found[-1]
    return None


def _is_newer(binary: Path, files: Sequence[Path]) -> bool:
    made = binary.stat().st_mtime if binary.exists() else 0
    return all(file.stat().st_mtime < made for file in files)


def _is_there(command: str) -> bool:
    if command.endswith(".h"):
        return Path("/usr/include", command).exists()
    return installed(command) is not None
