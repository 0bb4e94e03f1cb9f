"""What a nodes file says of its own making, in comments at its very top.

`// flux: headers=types.h,<sqlite3.h> libs=jpeg,z` may stand there on any number of lines. Headers
have the types that flow, `files` are further ones to compile, nodes that are `blocking` hold up
their thread; flags are handed on as they are.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields

from flux.diagnostics import Code, Diagnostic, Label
from flux.graph.nearest import did_you_mean
from flux.source import SourceFile, Span

SUFFIXES = (".cpp", ".cc", ".cxx", ".c")

_COMMENT = re.compile(r"[\s\ufeff]*(?://(?P<line>[^\n]*)|/\*(?P<block>(?s:.*?))\*/)")
_DIRECTIVE = re.compile(r"[/*!\s]*flux:")
_LATER = re.compile(r"^[ \t]*//[ \t]*flux:[ \t]*\w+=", re.MULTILINE)
_FORMS = {
    "headers": (r"<[^<>\"]+>|[^<>\"]+", "a name like `types.h` or `<sqlite3.h>`"),
    "libs": (r"[\w.+][\w.+-]*", "a name like `jpeg`, for `-ljpeg`"),
    "files": (r".+\.(?:cpp|cc|cxx|c)", "a file of C or C++ like `cache.cpp`"),
    "blocking": (r"[A-Za-z_]\w*", "the name of a node"),
    "cxxflags": (r".+", "an option of the compiler"),
    "ldflags": (r".+", "an option of the linker"),
}
_LISTS = ("headers", "libs", "files", "blocking")


@dataclass(frozen=True, slots=True)
class Directives:
    """What is needed to compile, link and run the functions of a program."""

    headers: tuple[str, ...] = ()
    libs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    blocking: tuple[str, ...] = ()
    cxxflags: tuple[str, ...] = ()
    ldflags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of a directive, and where it stands."""

    key: str
    value: str
    span: Span


def read_directives(file: SourceFile) -> Iterator[Setting | Diagnostic]:
    """The settings of a nodes file, and what is wrong with them."""
    end = 0
    while comment := _COMMENT.match(file.text, end):
        end = comment.end()
        for word in _words(file, comment):
            yield from _read(word)
    for found in _LATER.finditer(file.text, end):
        yield _bad(
            Span(file, found.end() - len(found[0].lstrip()), found.end()),
            "a setting of this file is never read",
            "stands behind code",
            "move it to the top of the file",
        )


def directives_of(settings: Iterable[Setting]) -> Directives:
    """All settings together, each value once; flags as often as they are there."""
    values: dict[str, list[str]] = {field.name: [] for field in fields(Directives)}
    for setting in settings:
        known = values[setting.key]
        if setting.key not in _LISTS or setting.value not in known:
            known.append(setting.value)
    return Directives(**{key: tuple(known) for key, known in values.items()})


def no_node(setting: Setting, nodes: Collection[str]) -> Diagnostic:
    """A name that should be a node's."""
    name = setting.value
    advice = did_you_mean(name, nodes) or "name a function that the program runs as a node"
    return _bad(setting.span, f"`{name}` is no node of the program", "called blocking", advice)


def _words(file: SourceFile, comment: re.Match[str]) -> Iterator[Span]:
    """The words of a comment behind `flux:`."""
    start, end = comment.span("line" if comment["block"] is None else "block")
    beginning = _DIRECTIVE.match(file.text, start, end)
    if beginning:
        for word in re.compile(r"\S+").finditer(file.text, beginning.end(), end):
            if word[0] != "*":
                yield Span(file, *word.span())


def _read(word: Span) -> Iterator[Setting | Diagnostic]:
    key, sign, value = word.text.partition("=")
    known = ", ".join(f"`{name}`" for name in _FORMS)
    if not sign:
        yield _bad(
            word,
            f"`{word.text}` sets nothing",
            "no `=` in it",
            "write `key=value,value`, without spaces",
        )
    elif key not in _FORMS:
        advice = did_you_mean(key, _FORMS) or f"these can be set: {known}"
        yield _bad(word, f"`{key}` cannot be set", "unknown", advice)
    elif not value:
        yield _bad(word, f"`{key}` is given no value", "ends here", f"write {_FORMS[key][1]}")
    else:
        for part in value.rstrip(",").split(",") if key in _LISTS else [value]:
            yield _setting(word, key, part)


def _setting(word: Span, key: str, value: str) -> Setting | Diagnostic:
    form, meaning = _FORMS[key]
    if re.fullmatch(form, value):
        return Setting(key, value, word)
    return _bad(word, f"`{key}` cannot be `{value}`", "wrong value", f"write {meaning}")


def _bad(span: Span, message: str, label: str, advice: str) -> Diagnostic:
    return Diagnostic(Code.BAD_DIRECTIVE, message, Label(span, label), help=advice)
