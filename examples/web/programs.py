"""Scripts that are programs, each answer by a process of its own (CGI/1.1, RFC 3875).

A program is in a session of its own, with whatever it starts. Where its output has ended, or nobody
wants it any more, it has a second to end by itself, then one to end on SIGTERM; then it is killed,
with what it has started. One that says nothing for too long hasn't the first of these seconds.
"""

import logging
import math
import os
import select
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from runner import Asked, Parameters, ScriptError, ScriptTooMany, ScriptTooSlow, Upload, uploaded

_CHUNK = 64 * 1024  # bytes
_MOST_COMPLAINTS = 64 * 1024  # bytes; what is above that is dropped
_GRACE = 1.0  # seconds
_LONGEST_LOOK = 0.05  # seconds between two looks whether a program has ended
_PATH = b"/usr/local/bin:/usr/bin:/bin"

_logger = logging.getLogger("web")


class Programs:
    """Runs at most `most` programs at a time, each of which may be silent for `timeout` seconds.

    No lock is needed: each step on what flows share is one that the interpreter makes whole.
    """

    def __init__(self, timeout: float, most: int) -> None:
        self.timeout = timeout
        self._most = most
        self._running: set[Program] = set()

    def start(self, name: str, asked: Asked) -> "Program":
        """Start the one at SCRIPT_FILENAME, in its folder, with its parameters for environment."""
        if len(self._running) >= self._most:
            raise ScriptTooMany("too many programs run")
        told = asked.parameters
        try:
            process = _start(os.fsdecode(told[b"SCRIPT_FILENAME"]), _environment(told))
        except OSError as error:
            raise ScriptError(error.strerror or str(error)) from error
        program = Program(self, name, process, asked)
        self._running.add(program)
        return program

    def leave(self, program: "Program") -> None:
        """Note that one has ended."""
        self._running.discard(program)


def _environment(told: Parameters) -> dict[bytes, bytes]:
    """What a program is told: what is empty isn't there, and no passwords (RFC 3875, 4.1)."""
    passed = {
        name: value
        for name, value in told.items()
        if (value or name == b"QUERY_STRING") and name != b"HTTP_AUTHORIZATION"
    }
    return {b"PATH": _PATH, **passed}


def _start(path: str, environment: dict[bytes, bytes]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - the folder's owner has put it there
        [path],
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(path).parent,
        env=environment,
        start_new_session=True,
    )


class Program:
    """A program at work. It may answer before it has read everything, and the other way round."""

    def __init__(
        self, programs: Programs, name: str, process: "subprocess.Popen[bytes]", asked: Asked
    ) -> None:
        assert process.stdin  # noqa: S101 - as it was ordered
        assert process.stdout  # noqa: S101 - the same
        assert process.stderr  # noqa: S101 - the same
        self.is_over = False
        self._programs = programs
        self._name = name
        self._process = process
        self._pipes = process.stdin, process.stdout, process.stderr
        self._unsent = memoryview(asked.body)
        self._upload = asked.upload
        self._deadline = 0.0
        self._complaints = bytearray()
        self._is_open = True
        for pipe in self._pipes:
            os.set_blocking(pipe.fileno(), False)
        self._finish_input()

    def read(self) -> bytes:
        """The next bytes, empty at the end; ScriptError, and what the upload raises."""
        self._be_patient()
        try:
            while not (text := self._exchange()) and not self.is_over:
                pass
        except ScriptTooSlow:
            self._close(0.0)
            raise
        return text

    def close(self) -> None:
        """See to its end, and tell what it has complained of."""
        self._close(_GRACE)

    def _be_patient(self) -> None:
        self._deadline = time.monotonic() + self._programs.timeout

    def _exchange(self) -> bytes:
        """Send and receive what goes; what has come of the output."""
        if self._upload is not None and not self._unsent:
            self._refill(self._upload)
        into, out, complaining = self._pipes
        ready = _ready(self._pipes, self._deadline)
        if into in ready:
            self._send(into)
        if complaining in ready:
            self._hear(complaining)
        text = out.read(_CHUNK) if out in ready else None
        self.is_over = text == b""
        return text or b""

    def _refill(self, upload: Upload) -> None:
        """Wait for more of the body."""
        data = uploaded(self, upload)
        self._upload = upload if data else None
        self._unsent = memoryview(data)
        self._finish_input()
        self._be_patient()

    def _send(self, into: IO[bytes]) -> None:
        try:
            sent = into.write(self._unsent[:_CHUNK])
            self._unsent = self._unsent[sent or 0 :]
        except BrokenPipeError:  # it doesn't want the rest
            self._unsent, self._upload = memoryview(b""), None
        self._finish_input()

    def _finish_input(self) -> None:
        if not self._unsent and self._upload is None:
            self._pipes[0].close()

    def _hear(self, complaining: IO[bytes]) -> None:
        text = complaining.read(_CHUNK)
        self._complaints += (text or b"")[: _MOST_COMPLAINTS - len(self._complaints)]
        if text == b"":
            complaining.close()

    def _close(self, grace: float) -> None:
        if not self._is_open:
            return
        self._is_open = False
        if not self._pipes[2].closed:
            self._hear(self._pipes[2])
        for pipe in self._pipes:
            pipe.close()
        try:
            _end(self._process, grace)
        finally:
            self._programs.leave(self)
        if self._complaints:
            _logger.warning("%s says: %r", self._name, bytes(self._complaints))


def _ready(pipes: tuple[IO[bytes], ...], deadline: float) -> list[IO[bytes]]:
    """Those that can be written to, the first one, or read from; ScriptTooSlow."""
    poll = select.poll()
    for pipe in pipes:
        if not pipe.closed:
            poll.register(pipe, select.POLLOUT if pipe is pipes[0] else select.POLLIN)
    left = deadline - time.monotonic()
    events = poll.poll(math.ceil(left * 1000)) if left > 0 else []
    if not events:
        raise ScriptTooSlow("it says nothing")
    numbers = {number for number, _ in events}
    return [pipe for pipe in pipes if not pipe.closed and pipe.fileno() in numbers]


def _end(process: "subprocess.Popen[bytes]", grace: float) -> None:
    """Wait until a program has ended, whatever that takes."""
    if not _has_ended(process.pid, grace):
        _kill(process.pid, signal.SIGTERM)
        _has_ended(process.pid, _GRACE)
        _kill(process.pid, signal.SIGKILL)
    process.wait()


def _has_ended(number: int, patience: float) -> bool:
    """Whether a process ends within a time. Its number stays its own until it is waited for."""
    deadline = time.monotonic() + patience
    pause = 0.001
    while os.waitid(os.P_PID, number, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        if time.monotonic() >= deadline:
            return False
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_LOOK)
    return True


def _kill(number: int, kind: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(number, kind)
