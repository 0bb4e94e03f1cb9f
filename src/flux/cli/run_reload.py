"""`flux run --reload`: the supervisor, and what a program is for it."""

import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from flux.cli.files import shown
from flux.cli.native import absolute, nodes_files
from flux.cli.targets import NATIVE
from flux.reload.imports import local_modules
from flux.reload.processes import Process
from flux.reload.supervisor import Supervisor, Text
from flux.toolchain.cache import Cache, cache_folder
from flux.toolchain.compilers import MissingCompilerError, find_compilers
from flux.toolchain.manifest import Flags, Order, recall

HEADERS = (".h", ".hh", ".hpp", ".hxx", ".inc", ".ipp")


def run_reload(text: Text, drain: float) -> int:
    """Serve a program, and serve it anew when it changes; the exit status of the last server."""
    try:
        from flux.reload.watching import watching  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"--reload needs {error.name}: pip install 'flux-servers[reload]'"
        ) from None
    supervisor = Supervisor(text, drain, _tell)
    for signum in _ending():
        signal.signal(signum, lambda signum, _: supervisor.ask(signum))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ending())
    try:
        return supervisor.run(watching(supervisor.files))
    except OSError as error:
        raise click.ClickException(f"files can't be watched: {error}") from None


def _ending() -> list[signal.Signals]:
    """The signals that end a server, whoever ignores them, and a closed terminal unless ignored."""
    closed = signal.getsignal(signal.SIGHUP) != signal.SIG_IGN
    return [signal.SIGTERM, signal.SIGINT, *([signal.SIGHUP] if closed else [])]


class CommandText:
    """A program as the words of a `flux run` name it."""

    def __init__(self, words: Sequence[str], program: Path) -> None:
        end = words.index("--") if "--" in words else len(words)
        options = [word for word in words[:end] if word != "--reload"]
        self._words = [*options, *words[end:]]
        self._program = program

    def check(self) -> Process:
        """Do all that comes before serving, and say what keeps it from being served."""
        return Process(["run", "--check", *self._words], reads=False)

    def serve(self) -> Process:
        """Run the server."""
        return Process(["run", *self._words], reads=True)


class PythonText(CommandText):
    """A program, its functions in Python, and the modules beside them."""

    def __init__(self, words: Sequence[str], program: Path, nodes: Path | None) -> None:
        super().__init__(words, program)
        self._nodes = nodes or program.with_suffix(".py")

    def files(self) -> Iterator[str]:
        """The program, and all that its functions import from their folder."""
        yield absolute(self._program)
        yield from map(absolute, local_modules(self._nodes))


class CppText(CommandText):
    """A program, its functions in C++ or C, and all that was compiled with them."""

    def __init__(
        self, words: Sequence[str], program: Path, nodes: tuple[Path, ...], flags: Flags
    ) -> None:
        super().__init__(words, program)
        self._nodes = nodes
        self._flags = flags

    def files(self) -> Iterator[str]:
        """What the build was made of; before there is one, what is most likely part of it."""
        nodes = nodes_files(self._program, self._nodes)
        yield from map(absolute, (self._program, *nodes))
        try:
            order = Order(self._program, self._nodes, self._flags, find_compilers())
        except MissingCompilerError:  # which the check will tell
            return
        root = cache_folder()
        manifest = recall(Cache(root).entry("manifests", order.key))
        if manifest is None:
            yield from _native_files({file.parent for file in (self._program, *nodes)})
        else:
            files = (*manifest.files, *manifest.absent)
            yield from (file for file in files if not Path(file).is_relative_to(root))


def _native_files(folders: set[Path]) -> Iterator[str]:
    """The sources and headers in some folders."""
    for folder in folders:
        for file in folder.iterdir():
            if file.suffix in (*NATIVE, *HEADERS):
                yield absolute(file)


def _tell(line: str) -> None:
    click.echo(f"flux: {shown(line)}", err=True)
