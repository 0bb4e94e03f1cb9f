"""Servers under measurement: started on one processor, their CPU time and memory read, stopped."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

SERVER_CORE = 0
LOAD_CORE = 1

Command = Sequence[str | Path]

STARTING = 60  # seconds until a server must listen: the first start may build it
STOPPING = 40  # above the seconds that a drain may last

_ITS_CPU = 2
_PARENT = 1  # in /proc/PID/stat, after the name


@dataclass(frozen=True, slots=True)
class Served:
    """A server that listens on a port of 127.0.0.1."""

    process: "subprocess.Popen[str]"
    port: int

    def cpu_seconds(self) -> float:
        """User and system time of all of its processes up to now."""
        return sum(_cpu_seconds(pid) for pid in self._pids())

    def own_cpu_seconds(self) -> float:
        """The same of its first process alone, which others needn't be looked for."""
        return _cpu_seconds(self.process.pid)

    def memory(self, field: str = "VmRSS") -> float:
        """MiB in use now; `VmHWM`: at most, up to now."""
        return sum(_memory(pid, field) for pid in self._pids())

    def stop(self) -> int:
        """Ask the server to end; its exit status."""
        self.process.terminate()
        return self.process.wait(STOPPING)

    def _pids(self) -> list[int]:
        main = self.process.pid
        return [main, *(pid for pid, parent in _parents() if parent == main)]


def on_core(core: int, command: Command) -> list[str]:
    """The command, on one processor only."""
    return ["taskset", "--cpu-list", str(core), *map(str, command)]


@contextmanager
def serving(command: Command, port: "Callable[[subprocess.Popen[str]], int]") -> Iterator[Served]:
    """A server on its processor, once it listens where `port` says; in the end it is stopped."""
    process = subprocess.Popen(
        on_core(SERVER_CORE, command), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield Served(process, port(process))
    finally:
        process.terminate()
        try:
            process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout
        process.stdout.close()


@contextmanager
def told_its_port(words: Callable[[str], Command]) -> Iterator[Served]:
    """A server on its processor that is told at which port to listen."""
    (port,) = free_ports(1)
    with serving(words(str(port)), listening_at(port)) as server:
        yield server


def printed_port(process: "subprocess.Popen[str]") -> int:
    """The port in the line `listening on http://127.0.0.1:PORT`."""
    assert process.stdout
    for line in process.stdout:
        if line.startswith("listening on"):
            return int(line.rsplit(":", 1)[1])
    raise SystemExit(f"A server didn't start: {process.args!r}")


def listening_at(port: int) -> "Callable[[subprocess.Popen[str]], int]":
    """That port, once somebody listens there."""
    return _listening(port, lambda: socket.create_connection(("127.0.0.1", port)))


def listening_at_path(path: Path) -> "Callable[[subprocess.Popen[str]], int]":
    """No port, once somebody listens at a socket of this path."""

    def connect() -> socket.socket:
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(path))
        return client

    return _listening(0, connect)


def _listening(
    port: int, connect: Callable[[], socket.socket]
) -> "Callable[[subprocess.Popen[str]], int]":
    def wait(process: "subprocess.Popen[str]") -> int:
        deadline = time.monotonic() + STARTING
        while process.poll() is None and time.monotonic() < deadline:
            with suppress(ConnectionRefusedError, FileNotFoundError), connect():
                return port
        raise SystemExit(f"A server didn't start: {process.args!r}")

    return wait


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens at."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _cpu_seconds(pid: int) -> float:
    """By the process's own clock (clock_getcpuclockid(3)): /proc counts in ticks of 10 ms."""
    return time.clock_gettime(~pid << 3 | _ITS_CPU)


def _memory(pid: int, field: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    return 0


def _parents() -> Iterator[tuple[int, int]]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            pid = int(folder.name)
            yield pid, int(_stat(pid)[_PARENT])


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
