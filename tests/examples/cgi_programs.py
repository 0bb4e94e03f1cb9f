"""Programs of the web server (CGI): what they do, and whether they have ended."""

import os
import select
import sys
from pathlib import Path

from cgi_outputs import OUTPUTS
from image_client import PATIENCE

# What each program does behind `#!/bin/sh`; a file of its own is at PATH_TRANSLATED.
PROGRAMS = {
    "say": 'exec cat "$PATH_TRANSLATED"',
    "echo": r"printf 'A: b\n\n'; exec cat",
    "ignore": r"exec <&-; printf 'A: b\n\nhello'",
    "wait": r"""printf 'A: b\n\nfirst'; exec cat "$PATH_TRANSLATED" """,
    "stubborn": """trap '' TERM; sleep 600 & echo $$ $! > "$PATH_TRANSLATED"; wait""",
    "endless": r"""echo $$ $$ > "$PATH_TRANSLATED"; printf 'A: b\n\n'; while :; do echo; done""",
    "begin": r"""first=$(dd bs=1 count=5 2>/dev/null); echo $$ $first > "$PATH_TRANSLATED"
printf 'A: b\n\n'; exec md5sum""",
    "ponder": r"""printf 'A: b\n\n'; cat "$PATH_TRANSLATED" - | md5sum""",
    "linger": r"printf 'A: b\n\nhello'; exec >&-; exec sleep 0.01",
    "complain": r"echo complaint >&2; printf 'A: b\n\nhello'",
    "fail": "exit 3",
    "name": r"""printf 'A: b\n\n%s %s' "$SCRIPT_NAME" "$PATH_INFO" """,
}
TELL = """import os, sys
with open("/proc/self/environ", "rb") as file:  # as it was, before Python adds anything
    lines = file.read().split(b"\\0")[:-1]
environment = dict(line.split(b"=", 1) for line in lines)
told = [environment, os.getcwdb(), sys.argv, sys.stdin.read(), os.getsid(0) == os.getpid()]
print("Content-Type: text/plain\\n")
print(told)
"""


def make_program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def make_programs(above):
    """A folder `root` below another, with programs, and with what they say."""
    root = above / "root"
    for name, text in PROGRAMS.items():
        make_program(root / "cgi-bin" / name, f"#!/bin/sh\n{text}\n")
    make_program(root / "cgi-bin" / "tell", f"#!{sys.executable} -IS\n{TELL}")
    make_program(root / "cgi-bin" / "no-program", "secret")
    make_program(root / "cgi-bin" / "deep" / "say.sh", f"#!/bin/sh\n{PROGRAMS['name']}\n")
    make_program(root / "other" / "name.cgi", f"#!/bin/sh\n{PROGRAMS['name']}\n")
    (root / "cgi-bin" / "text").write_text("secret")
    (root / "cgi-bin" / "out").symlink_to("/bin/true")
    (root / "plain.cgi").write_text("secret")
    (root / "said").mkdir()
    for name, (output, _, _) in OUTPUTS.items():
        (root / "said" / name).write_bytes(output)
    return root.resolve()


def children(server):
    """The processes that a server has started, and not seen to their ends."""
    tasks = Path(f"/proc/{server.process.pid}/task").glob("*/children")
    return [number for task in tasks for number in task.read_text().split()]


def is_gone(number):
    """Wait until a process has ended."""
    try:
        descriptor = os.pidfd_open(number)
    except ProcessLookupError:
        return True
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    try:
        return poll.poll(PATIENCE * 1000) != []
    finally:
        os.close(descriptor)
