"""The folder of files that the cases of the web server are about."""

import os
import socket
from contextlib import suppress

MODIFIED = 784_111_777  # Sun, 06 Nov 1994 08:49:37 GMT
FILES = {
    "page.html": b"<p>page</p>\n",
    "index.html": b"<h1>root</h1>\n",
    "folder/index.html": b"<h1>folder</h1>\n",
    "old/index.htm": b"<h1>old</h1>\n",
    "odd/index.html/x": b"",
    "empty.txt": b"",
    "data.unknown": b"data",
    "README": b"read me",
    "PHOTO.JPG": b"photo",
    "v1.css/plain": b"plain",
    "a b.txt": b"space\n",
    "ä.txt": b"umlaut\n",
    ".well-known/security.txt": b"Contact: here\n",
    ".secret": b"secret",
    ".git/config": b"secret",
    "leak.txt": b"leak\n",
    "large.bin": b"0" * 131_071 + b"1" * 168_929,
    "medium.bin": b"0" * 16_384 + b"1" * 16_385,
    "style.css": b"plain",
    "style.css.gz": b"gzip",
    "style.css.br": b"brotli",
    "old.css": b"newer",
    "old.css.gz": b"older",
    "piped.css": b"plain",
}
# Options that keep small files in memory only: not `large.bin`.
SMALL = ("--largest", "100000", "--body-bytes", "65536")
FOLDERS = ("empty", "trap", "piped", 'földer "x"', "line\r\nend")
LINKS = {
    "link.html": "page.html",
    "linked": "folder",
    "folder/up.html": "../page.html",
    "out.txt": "../outside.txt",
    "outer": "..",
    "trap/index.html": "../../outside.txt",
    "leak.txt.gz": "../outside.txt",
    "loop": "loop",
    "dangling": "nothing",
    "proc-root": "/proc/self/root",
}


def make_root(above):
    """A folder `root` below another, beside a file that nobody may see."""
    root = above / "root"
    (above / "outside.txt").write_bytes(b"secret")
    for name, content in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
        os.utime(root / name, (MODIFIED, MODIFIED))
    os.utime(root / "old.css.gz", (MODIFIED - 1, MODIFIED - 1))
    for name in FOLDERS:
        (root / name).mkdir()
    for name, target in LINKS.items():
        (root / name).symlink_to(target)
    (root / "absolute.html").symlink_to(root / "page.html")
    _make_strange_ones(root)
    return root


def _make_strange_ones(root):
    for name in ("pipe", "piped/index.html", "piped.css.gz"):
        os.mkfifo(root / name)
    with socket.socket(socket.AF_UNIX) as own:
        own.bind(os.path.relpath(root / "socket"))
    with suppress(PermissionError):  # only the system's master may
        os.mknod(root / "device", 0o600 | 0o020000, os.makedev(1, 3))
