"""Which headers a compiler has read, as it says in a file for make (`-MD`)."""

import re
from pathlib import Path

# A word of a rule: anything but white space, unless a backslash or a second dollar stands before.
_WORD = re.compile(r"(?:\\[\s\S]|\$\$|[^\s\\])+")
_ESCAPE = re.compile(r"\\([ #])|\$(\$)")


def read_dependencies(rule: Path) -> list[str]:
    """The files that a rule's target is made of, but for the first, which was compiled."""
    text = rule.read_text(encoding="utf-8", errors="surrogateescape")
    _, _, files = text.replace("\\\n", " ").partition(": ")
    return [_ESCAPE.sub(r"\1\2", word) for word in _WORD.findall(files)][1:]
