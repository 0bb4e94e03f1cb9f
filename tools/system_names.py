"""Writes the names that the system's headers take: functions with their types, and macros.

What a program may call its functions must not depend on the machine, so the lists stand in
`src/flux/bindings/cpp`. Needs Linux, glibc and gcc: `python tools/system_names.py`.
"""

# ruff: noqa: INP001, S603

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "src" / "flux" / "bindings" / "cpp"
# fmt: off
HEADERS = (
    "arpa/inet", "ctype", "dirent", "errno", "fcntl", "limits", "locale", "math", "netdb",
    "netinet/in", "netinet/tcp", "poll", "pthread", "semaphore", "signal", "stddef",
    "stdint", "stdio", "stdlib", "string", "strings", "sys/mman", "sys/socket", "sys/stat",
    "sys/time", "sys/types", "sys/uio", "sys/wait", "time", "unistd", "wchar",
)
# fmt: on
PROTOTYPE = re.compile(r"\*/ extern (?P<returns>.*?)(?P<name>\w+) (?P<parameters>\(.*\));")
# glibc's own names for types that the manual calls otherwise.
PLAIN = {
    r"\b__CONST_SOCKADDR_ARG\b": "const struct sockaddr *",
    r"\b__SOCKADDR_ARG\b": "struct sockaddr *",
    r"\b__va_list_tag \*": "va_list",
    r"\b__(\w+_t|FILE)\b": r"\1",
}


def main() -> None:
    """Write both lists."""
    includes = "".join(f"#include <{header}.h>\n" for header in HEADERS)
    write("functions.txt", functions(includes))
    write("macros.txt", macros(includes))


def write(name: str, lines: Iterator[str]) -> None:
    """Write one list, in order."""
    text = "\n".join(sorted(set(lines)))
    (FOLDER / name).write_text(f"{text}\n", encoding="utf-8")


def functions(includes: str) -> Iterator[str]:
    """`int close(int)`, as the headers declare it for C++."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "prototypes"
        gcc(includes, "-fsyntax-only", "-aux-info", str(output))
        text = output.read_text(encoding="utf-8")
    for pattern, plain in PLAIN.items():
        text = re.sub(pattern, plain, text)
    for found in PROTOTYPE.finditer(text):
        is_common = "_Float" not in found[0] and "__" not in found[0]
        if is_common and not found["name"].startswith("_"):
            yield f"{found['returns']}{found['name']}{found['parameters']}"


def macros(includes: str) -> Iterator[str]:
    """`errno`, and whatever else the preprocessor would put something else for."""
    for line in gcc(includes, "-E", "-dM").splitlines():
        name = re.split(r"\W", line.removeprefix("#define "), maxsplit=1)[0]
        if not name.startswith("_"):
            yield name


def gcc(text: str, *options: str) -> str:
    """What the compiler says of a text of C."""
    compiler = shutil.which("gcc") or "gcc"
    command = [compiler, "-std=gnu17", "-D_GNU_SOURCE", *options, "-xc", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main()
