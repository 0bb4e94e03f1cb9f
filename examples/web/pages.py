"""What a path leads to: a file with its encoded forms, another place, or nothing.

Beside `style.css` there may be `style.css.br` and `style.css.gz`: the same, compressed. One that
is older than the file itself is out of date, and not looked at.
"""

import math
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from errno import EMFILE, ENFILE, ENOBUFS, ENOMEM
from http import HTTPStatus

from dates import write_date
from flux.nodes.http import clean_path
from folder import File, Folder, NotThereError, Version
from mime import type_of

_EXHAUSTED = {EMFILE, ENFILE, ENOBUFS, ENOMEM}
_PHP = ".php"
_SLASH = re.compile("/")
_ENCODED = {"br": ".br", "gzip": ".gz"}
_OVERHEAD = 1024  # bytes of a page beside its contents, about
_BILLION = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Form:
    """A file as it is sent: plain (coding "") or encoded; large ones stay in their file.

    Its entity tag is strong, and another for each coding; it was `modified` so many seconds after
    1970, and not in the future. `fields` are for who gets it whole.
    """

    coding: str
    version: Version
    content: bytes | File
    tag: str
    modified: int
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """What a path leads to, as it was at a time; the plain form stands first."""

    key: str | None
    status: HTTPStatus = HTTPStatus.OK
    name: str = ""
    forms: tuple[Form, ...] = ()
    is_script: bool = False
    is_program: bool = False  # a script that the system runs itself
    is_lost_script: bool = False  # would be one, if it were there
    path_info: str = ""  # what follows a script's name in the path
    checked: float = -math.inf  # of time.monotonic

    @property
    def is_in_memory(self) -> bool:
        """Whether it holds no open files, and is worth keeping."""
        if self.path_info or self.status not in {HTTPStatus.OK, HTTPStatus.MOVED_PERMANENTLY}:
            return False
        return all(isinstance(form.content, bytes) for form in self.forms)

    @property
    def weight(self) -> int:
        """The bytes of memory that it takes, about."""
        return _OVERHEAD + sum(form.version.size for form in self.forms)


def key_of(path: str) -> str | None:
    """The name of what a decoded path leads to, with a slash behind it if it must be a folder.

    None for what is outside of the root, or hidden: its name, or that of a folder on the way,
    begins with a dot, and is not the `.well-known` of RFC 8615.
    """
    clean = clean_path(path)
    if clean is None:
        return None
    if "/." in f"/{clean}" and any(map(_is_hidden, clean.split("/"))):
        return None
    is_folder = not clean or path.endswith(("/", "/.", "/.."))
    return f"{clean}/" if is_folder else clean


def _is_hidden(part: str) -> bool:
    return part.startswith(".") and part != ".well-known"


@dataclass(frozen=True, slots=True)
class ScriptNames:
    """Which names are those of scripts: of PHP, and of `programs`.

    These are named by their ending, or by their folder, with a slash behind it; an empty name
    stands for none.
    """

    php: bool = False
    programs: str = ""

    def has_program(self, name: str) -> bool:
        """Whether a name is that of a program."""
        if self.programs.endswith("/"):
            return name.startswith(self.programs)
        return bool(self.programs) and name.lower().endswith(self.programs)

    def has(self, name: str) -> bool:
        """Whether a name is that of a script, which somebody runs."""
        return self.has_program(name) or (self.php and name.lower().endswith(_PHP))

    def cover(self, key: str) -> bool:
        """Whether a key is that of a script, or of what a script has told, there or not."""
        parts = key.lower().split("/")
        return self.has_program(key) or any(
            self.has_program(part) or part.endswith(_PHP) for part in parts
        )


class Pages:
    """The pages of a folder, of which the first of `indexes` that is there stands for the folder.

    Contents of at most `largest` bytes are read into memory.

    Scripts are there if somebody can run them; what they say themselves is never told.
    """

    def __init__(
        self,
        folder: Folder,
        indexes: Sequence[str],
        types: Mapping[str, str],
        largest: int,
        scripts: ScriptNames,
    ) -> None:
        self._folder = folder
        self._indexes = indexes
        self._types = types
        self._largest = largest
        self._scripts = scripts

    def find(self, known: Page) -> Page:
        """The page as it is now; what is unchanged is taken from what was known of it."""
        checked = time.monotonic()
        if known.key is None:
            return Page(None, HTTPStatus.NOT_FOUND)
        try:
            return self._script_above(known.key) or self._find(known.key, known, checked)
        except NotThereError:
            return self._failed(known.key, HTTPStatus.NOT_FOUND)
        except (OSError, MemoryError) as error:
            return self._failed(known.key, _status_of(error))

    def _failed(self, key: str, status: HTTPStatus) -> Page:
        return Page(key, status, is_lost_script=self._scripts.cover(key))

    def _find(self, key: str, known: Page, checked: float) -> Page:
        if key.endswith("/"):
            name, file = self._index(key.lstrip("/"))
        else:
            name, file = key, self._folder.open(key)
            if file.is_folder:
                return Page(key, HTTPStatus.MOVED_PERMANENTLY, key, checked=checked)
        if self._scripts.has(name):
            return self._script(Page(key, name=name, checked=checked), file)
        if name.lower().endswith(_PHP):
            raise NotThereError("nobody runs scripts")
        kept = {form.coding: form for form in known.forms} if name == known.name else {}
        kind = type_of(name, self._types)
        forms = [self._form("", file, kind, kept)]
        for coding, ending in _ENCODED.items():
            encoded = self._encoded(name + ending, file)
            if encoded is not None:
                forms.append(self._form(coding, encoded, kind, kept))
        return Page(key, HTTPStatus.OK, name, tuple(forms), checked=checked)

    def _script_above(self, key: str) -> Page | None:
        """The script that has the path's end told: `/a.php/b/c` asks it for `/b/c`."""
        for match in _SLASH.finditer(key):
            name, path_info = key[: match.start()], key[match.start() :]
            if self._scripts.has(name) and not (file := self._folder.open(name)).is_folder:
                return self._script(Page(key, name=name, path_info=path_info), file)
        return None

    def _script(self, page: Page, file: File) -> Page:
        is_program = self._scripts.has_program(page.name)
        if is_program and not file.is_executable:
            raise NotThereError("no program")
        return replace(page, is_script=True, is_program=is_program)

    def _index(self, folder: str) -> tuple[str, File]:
        for index in self._indexes:
            try:
                file = self._folder.open(folder + index)
            except NotThereError:
                continue
            if not file.is_folder:
                return folder + index, file
        raise NotThereError("no index")

    def _encoded(self, name: str, plain: File) -> File | None:
        try:
            file = self._folder.open(name)
        except NotThereError:
            return None
        current = file.version.modified >= plain.version.modified
        return file if current and not file.is_folder else None

    def _form(self, coding: str, file: File, kind: str, kept: dict[str, Form]) -> Form:
        form = kept.get(coding)
        if form is not None and form.version == file.version and isinstance(form.content, bytes):
            return form
        whole = file.read_whole() if file.version.size <= self._largest else None
        return _form(coding, file.version, file if whole is None else whole, kind)


def _form(coding: str, version: Version, content: bytes | File, kind: str) -> Form:
    mark = f"-{coding}" if coding else ""
    tag = f'"{version.modified:x}-{version.size:x}{mark}"'
    modified = min(version.modified // _BILLION, int(time.time()))
    fields = {"Content-Type": kind, "ETag": tag, "Last-Modified": write_date(modified)}
    if coding:
        fields["Content-Encoding"] = coding
    fields |= {"Accept-Ranges": "bytes", "X-Content-Type-Options": "nosniff"}
    return Form(coding, version, content, tag, modified, fields)


def _status_of(error: OSError | MemoryError) -> HTTPStatus:
    if isinstance(error, MemoryError) or error.errno in _EXHAUSTED:
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.INTERNAL_SERVER_ERROR
