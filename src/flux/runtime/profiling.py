"""Profiles of a server, as its options ask for them. The profiler is loaded when it is used.

While nobody asks, there is nothing of it but this.
"""

import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from flux.runtime.constraints import Constraints
from flux.runtime.nodes import Nodes
from flux.runtime.paths import Paths
from flux.runtime.program import Program
from flux.runtime.sources import SourceLoop
from flux.runtime.tracing import Tracing
from flux.runtime.workers.worker import own

if TYPE_CHECKING:
    from flux.runtime.profiler.listener import Listener
    from flux.runtime.profiler.profiler import Profiler


class ProfileOptions(NamedTuple):
    """`on` from the start; the `file` written at the end; the socket, and who may ask there."""

    on: bool = False
    file: str | None = None
    listen: str | None = None
    token_file: str | None = None


NO_PROFILE = ProfileOptions()


class ProfileError(Exception):
    """The options of a profile can't be followed."""


class Subject(NamedTuple):
    """What a profiler has to know of a server; `name` is that of the program's file."""

    name: str
    program: Callable[[Nodes, Constraints], Program]
    nodes: Nodes
    constraints: Constraints
    loops: Sequence[SourceLoop]
    paths: Paths
    facts: Mapping[str, Any] | None
    served: Mapping[str, Any]


class Profiling:
    """The profile of one server: turned on and off, asked for, and written to its file.

    Traces are made of what it records, so they turn it on.
    """

    def __init__(
        self, options: ProfileOptions, subject: Callable[[], Subject], tracing: Tracing
    ) -> None:
        self._options = options
        self._tracing = tracing
        self._subject = subject
        self._folder = os.getcwd()  # noqa: PTH109 - pathlib may not be loaded; `init` may leave it
        self._loading = threading.Lock()
        self._toggling = threading.Lock()
        self._begun = threading.Event()
        self._profiler: Profiler | None = None
        self._listener: Listener | None = None

    @property
    def profiler(self) -> "Profiler":
        """The profiler of a server that has started; it is loaded when it is first asked for."""
        with self._loading:
            if self._profiler is None:
                from flux.runtime.profiler.profiler import Profiler  # noqa: PLC0415 - only if used

                self._profiler = Profiler(self._subject(), self._tracing)
            return self._profiler

    def open(self) -> None:
        """Open the socket, and the way of traces.

        Raises ProfileError or TraceError if that can't be done as the options say.
        """
        self._tracing.open()
        if self._options.listen is None:
            return
        from flux.runtime.profiler.addresses import of_worker  # noqa: PLC0415 - only if used
        from flux.runtime.profiler.listener import Listener  # noqa: PLC0415 - the same

        worker, address = own(), self._options.listen
        if worker is not None:
            address = of_worker(address, worker.number)
        try:
            self._listener = Listener(address, self._options.token_file)
        except (ValueError, OSError) as error:
            why = getattr(error, "strerror", None) or error
            raise ProfileError(f"no profile at {address}: {why}") from error
        sys.stderr.write(f"flux: profile at {self._listener.address}\n")

    def begin(self) -> None:
        """Profile from now on, and answer, as far as the options say so."""
        if self._options.on or self._tracing.on:
            self.profiler.start()
        if self._listener is not None:
            self._listener.start(self.profiler)
        self._begun.set()

    def toggle(self) -> None:
        """Turn the profile on, or off and write it, once the server has begun."""
        self._begun.wait()
        with self._toggling:
            if self.profiler.on:
                self.profiler.stop()
                self._write()
            else:
                self.profiler.start()
                sys.stderr.write("flux: profile: on\n")

    def end(self) -> None:
        """Write the profile, if the options ask for it; answer no more, and send what is left."""
        self._close_profiler()
        with self._toggling:
            if self._options.on or self._options.file is not None:
                self._write()
        self._tracing.close()

    def close(self) -> None:
        """Answer no more, and send what is left."""
        self._close_profiler()
        self._tracing.close()

    def _close_profiler(self) -> None:
        if self._listener is not None:
            self._listener.close()
        if self._profiler is not None:
            self._profiler.rest()

    def _write(self) -> None:
        """Write the profile to its file, whole or not at all; the server goes on if it can't."""
        from flux.runtime.profiler.file import write_profile  # noqa: PLC0415 - only if used

        profile = self.profiler.read()
        default = PurePath(profile["program"]).stem + ".profile.json"
        name = _of_worker(PurePath(self._options.file or default))
        path = os.path.join(self._folder, name)  # noqa: PTH118
        try:
            write_profile(path, profile)
            sys.stderr.write(f"flux: profile: written to {name}\n")
        except OSError as error:
            sys.stderr.write(f"flux: the profile is not written: {path}: {error.strerror}\n")


def _of_worker(file: PurePath) -> str:
    """The file of this process: of several workers, each has one with its number."""
    worker = own()
    return str(file if worker is None else file.with_stem(f"{file.stem}.{worker.number}"))
