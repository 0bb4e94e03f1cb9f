"""The file of settings: options of the command line by their names, media types, and hosts.

    port = 80
    root = "site"
    indexes = ["index.html"]

    [types]
    avif = "image/avif"

    [hosts."example.org"]
    aliases = ["www.example.org"]
    root = "example"
    certificate = "example.pem"
    key = "example.key"

Paths are relative to the folder of the file.
"""

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

INDEXES = ("index.html", "index.htm", "index.php")
_PATHS = {"root", "access-log", "certificate", "key"}
_TEXTS = _PATHS | {"host", "php", "cgi", "log-format"}  # the other options may be numbers
_TABLES = ("indexes", "types", "hosts")
_HOST_KEYS = ("root", "aliases", "indexes", "certificate", "key")
_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")
_ENDING = re.compile(r"[a-z0-9-]+")
_NAME = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]")


class BadConfigurationError(Exception):
    """A file can't be read, or says what makes no sense: where, and what would."""


@dataclass(frozen=True, slots=True)
class Host:
    """A folder that is served under names of its own, and their certificate, if they have one."""

    names: tuple[str, ...]
    root: str
    indexes: tuple[str, ...]
    certificate: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a file says: `words` as on a command line, and what only a file can say."""

    words: tuple[str, ...] = ()
    indexes: tuple[str, ...] = INDEXES
    types: tuple[tuple[str, str], ...] = ()
    hosts: tuple[Host, ...] = ()


def read_configuration(path: Path, options: Collection[str]) -> Configuration:
    """What a file says, where these options may be; BadConfigurationError."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        return _Reader(path.parent, options).read(told)
    except OSError as error:
        raise BadConfigurationError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadConfigurationError(f"{path}: the file is not UTF-8") from None
    except RecursionError:
        raise BadConfigurationError(f"{path}: it is nested too deeply") from None
    except (ValueError, _WrongError) as error:  # a number of thousands of digits is a ValueError
        raise BadConfigurationError(f"{path}: {error}") from None


class _WrongError(Exception):
    """Something is wrong, at a place that stands in the message."""


class _Reader:
    """Turns the tables of a file into settings."""

    def __init__(self, folder: Path, options: Collection[str]) -> None:
        self._folder = folder
        self._options = options

    def read(self, told: dict[str, Any]) -> Configuration:
        words: list[str] = []
        indexes = _texts("indexes", told.get("indexes", list(INDEXES)))
        for key, value in told.items():
            if key not in _TABLES:
                words += self._option(key, value)
        hosts = [
            self._host(f'hosts."{name}"', name, value, indexes)
            for name, value in _table("hosts", told.get("hosts", {})).items()
        ]
        _check_distinct(hosts)
        types = _table("types", told.get("types", {})).items()
        return Configuration(
            words=tuple(words),
            indexes=indexes,
            types=tuple(_type(ending, kind) for ending, kind in types),
            hosts=tuple(hosts),
        )

    def _option(self, key: str, value: object) -> tuple[str, str]:
        """A name and a value, as words of a command line."""
        _check_key(key, "", (*self._options, *_TABLES))
        if key in _TEXTS and not isinstance(value, str):
            raise _WrongError(f"`{key}` must be a text")
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise _WrongError(f"`{key}` must be a text or a number")
        is_path = key in _PATHS or (key == "php" and ":" not in str(value))
        return f"--{key}", str(self._folder / str(value)) if is_path else str(value)

    def _host(self, place: str, name: str, value: object, indexes: tuple[str, ...]) -> Host:
        told = _table(place, value)
        for key in told:
            _check_key(key, f"{place}.", _HOST_KEYS)
        if ("certificate" in told) != ("key" in told):
            raise _WrongError(f"`{place}`: name both `certificate` and `key`, or none")
        names = (name, *_texts(f"{place}.aliases", told.get("aliases", [])))
        for each in names:
            if not _NAME.fullmatch(each):
                raise _WrongError(f"`{place}`: `{each}` is no name of a host; one has no port")
        return Host(
            names=tuple(each.lower() for each in names),
            root=self._root(f"{place}.root", told.get("root")),
            indexes=_texts(f"{place}.indexes", told.get("indexes", list(indexes))),
            certificate=self._file(f"{place}.certificate", told.get("certificate")),
            key=self._file(f"{place}.key", told.get("key")),
        )

    def _root(self, place: str, value: object) -> str:
        if not isinstance(value, str):
            raise _WrongError(f"`{place}` must be there, and name a folder")
        root = self._folder / value
        if not root.is_dir():
            raise _WrongError(f"`{place}`: there is no folder {root}")
        return str(root)

    def _file(self, place: str, value: object) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str):
            raise _WrongError(f"`{place}` must name a file")
        file = self._folder / value
        if not file.is_file():
            raise _WrongError(f"`{place}`: there is no file {file}")
        return str(file)


def _check_key(key: str, place: str, known: Collection[str]) -> None:
    if key not in known:
        raise _WrongError(f"there is no `{place}{key}`; there are {', '.join(sorted(known))}")


def _table(place: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _WrongError(f"`{place}` must be a table")
    return value


def _texts(place: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _WrongError(f"`{place}` must be a list of texts")
    return tuple(value)


def _type(ending: str, kind: object) -> tuple[str, str]:
    if not _ENDING.fullmatch(ending):
        raise _WrongError(f'`types."{ending}"`: write an ending in small letters, without its dot')
    if not isinstance(kind, str) or not _TYPE.fullmatch(kind):
        raise _WrongError(f"`types.{ending}` must be a media type such as image/avif")
    return ending, kind


def _check_distinct(hosts: Collection[Host]) -> None:
    seen: set[str] = set()
    for name in (name for host in hosts for name in host.names):
        if name in seen:
            raise _WrongError(f"`hosts`: {name} is there twice; name each host once")
        seen.add(name)
