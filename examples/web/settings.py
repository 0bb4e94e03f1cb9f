"""The command line: what stands after `--` in `flux run web.flux -- …`."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import NoReturn

from configuration import BadConfigurationError, Configuration, read_configuration
from flux.nodes.http import clean_path
from journal import FORMS

MOST_IN_16_BITS = 65_535
_LONGEST_SPAN = 1e9  # seconds
_LONGEST_TIME_OUT = 2e6  # seconds: 23 days, little less than the system knows


@dataclass(frozen=True, slots=True)
class Settings:
    """Where to listen, what to serve, and how much of anything."""

    host: str
    port: int
    root: str
    types: Path
    cache_bytes: int
    largest: int
    body_bytes: int
    upload_bytes: int
    php: str | None
    php_timeout: float
    php_kept: int
    cgi: str | None
    cgi_timeout: float
    cgi_most: int
    connections: int
    backlog: int
    waiting: int
    timeout: float
    idle_timeout: float
    requests: int
    access_log: Path | None
    log_format: str
    certificate: Path | None
    key: Path | None


# All options but that of the file itself, and of the types: it has a table of these.
_IN_FILE = tuple(each.name.replace("_", "-") for each in fields(Settings) if each.name != "types")


def parse_settings(arguments: list[str]) -> tuple[Settings, Configuration]:
    """The settings that some words mean, and what else the file says that they name.

    Words are stronger than the file. A wrong one ends the program, as `--help` does.
    """
    parser = _Parser("web.flux", description="Serve the files of a folder")
    _add_options(parser)
    file: Path | None = parser.parse_args(arguments).config
    if file is None:
        return _settings(parser, arguments), Configuration()
    try:
        configuration = read_configuration(file, _IN_FILE)
    except BadConfigurationError as error:
        parser.error(str(error))
    parser.source = f"{file}: "
    parser.parse_args(configuration.words)
    parser.source = ""
    settings = _settings(parser, [*configuration.words, *arguments])
    parser.source = f"{file}: "
    _check_certificates(parser, settings, configuration)
    return settings, configuration


def _check_certificates(
    parser: ArgumentParser, settings: Settings, configuration: Configuration
) -> None:
    named = [host.names[0] for host in configuration.hosts if host.certificate is not None]
    if named and settings.certificate is None:
        parser.error(
            f"{named[0]} has a certificate, and other hosts have none: "
            "name theirs by --certificate and --key"
        )


class _Parser(ArgumentParser):
    """Tells in its errors where the words are from, if it is no command line."""

    source = ""

    def error(self, message: str) -> NoReturn:
        super().error(self.source + message)


def _settings(parser: ArgumentParser, words: list[str]) -> Settings:
    told = vars(parser.parse_args(words))
    del told["config"]
    if (told["certificate"] is None) != (told["key"] is None):
        parser.error("--certificate and --key belong together: name both, or none")
    return Settings(**told)


def _add_options(parser: ArgumentParser) -> None:
    def add(name: str, metavar: str, kind: object, default: object, text: str) -> None:
        parser.add_argument(name, metavar=metavar, type=kind, default=default, help=text)  # type: ignore[arg-type]

    add("--config", "FILE", _file, None, "file of settings, in TOML (none)")
    add("--host", "ADDRESS", str, "127.0.0.1", "address to listen on (127.0.0.1)")
    add("--port", "N", _sixteen_bits, 8080, "port, 0 for any free one (8080)")
    add("--root", "FOLDER", _folder, ".", "folder of the files (.)")
    add("--types", "FILE", _file, str(_TYPES), "media types by ending (mime.types)")
    add("--cache-bytes", "N", _whole, 64 << 20, "bound of the cache, for each host (64 MiB)")
    add("--largest", "N", _whole, 1 << 20, "bound of a file in the cache (1 MiB)")
    add("--body-bytes", "N", _whole, 1 << 20, "bound of a request's body in memory (1 MiB)")
    add("--upload-bytes", "N", _whole, 64 << 20, "bound of one that a script gets (64 MiB)")
    add("--php", "ADDRESS", _server_of_scripts, None, "FastCGI server, host:port or a path (none)")
    add("--php-timeout", "SECONDS", _seconds, 30.0, "for a script to say something (30)")
    add("--php-kept", "N", _sixteen_bits, 8, "connections to it that are kept (8)")
    add("--cgi", "WHERE", _programs, None, "programs: an ending, or a folder with its slash (none)")
    add("--cgi-timeout", "SECONDS", _seconds, 30.0, "for a program to say something (30)")
    add("--cgi-most", "N", _sixteen_bits, 32, "programs that run at once (32)")
    add("--connections", "N", _whole, 10_000, "open at once (10000)")
    add("--backlog", "N", _sixteen_bits, 1024, "new clients that may wait (1024)")
    add("--waiting", "N", _whole, 0, "clients waited for at once (any number)")
    add("--timeout", "SECONDS", _seconds, 10.0, "to send a request, to take a piece (10)")
    add("--idle-timeout", "SECONDS", _seconds, 60.0, "between two requests (60)")
    add("--requests", "N", _whole, 0, "on one connection, 0 for any number (0)")
    add("--access-log", "FILE", _new_file, None, "file to log requests to (none)")
    add("--certificate", "FILE", _file, None, "chain of certificates for TLS, in PEM (none)")
    add("--key", "FILE", _file, None, "its key (none)")
    parser.add_argument(
        "--log-format", choices=sorted(FORMS), default="combined", help="form of its lines"
    )


_TYPES = Path(__file__).with_name("mime.types")


def _whole(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        raise ArgumentTypeError(f"'{text}' is no whole number") from None
    if number < 0:
        raise ArgumentTypeError(f"{number} is below 0")
    return number


def _sixteen_bits(text: str) -> int:
    number = _whole(text)
    if number > MOST_IN_16_BITS:
        raise ArgumentTypeError(f"{number} is above {MOST_IN_16_BITS}")
    return number


def _seconds(text: str) -> float:
    with suppress(ValueError):
        if 0 < (seconds := float(text)) <= _LONGEST_SPAN:
            return min(seconds, _LONGEST_TIME_OUT)
    raise ArgumentTypeError(f"{text} is no span of time")


def _server_of_scripts(text: str) -> str:
    if text == "embedded":
        raise ArgumentTypeError("PHP is inside of the server in C++ only, embedded/web.flux")
    return text


def _programs(text: str) -> str:
    is_ending = re.fullmatch(r"\.[a-z0-9]+", text)
    is_folder = len(text) > 1 and text.endswith("/") and clean_path(text) == text[:-1]
    if not is_ending and not is_folder:
        raise ArgumentTypeError(
            f"{text} is neither an ending such as .cgi nor a folder as cgi-bin/"
        )
    return text


def _folder(text: str) -> str:
    if not text or not Path(text).is_dir():
        raise ArgumentTypeError(f"there is no folder {text}")
    return text


def _file(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise ArgumentTypeError(f"there is no file {text}")
    return path


def _new_file(text: str) -> Path:
    """One that may not be there yet."""
    path = Path(text)
    if path.is_dir():
        raise ArgumentTypeError(f"{path} is a folder: name a file in it")
    _folder(str(path.parent))
    return path
