"""A PostgreSQL of one's own: in a folder, behind a Unix socket, known to nobody else."""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 60.0  # seconds: the machine may be busy
MEETING = Path(__file__).with_name("meet.sql")
# It does no more than it must, and writes to its log no more than a pipe holds.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "log_min_messages": "log",
    "max_connections": "200",
}


class Postgres:
    """A running server, as its clients see it."""

    def __init__(self, programs, folder):
        self._psql = programs / "psql"
        self._folder = folder

    def database(self, application):
        """How to connect to it; nothing is left to the environment."""
        return (
            f"host={self._folder} port=5432 dbname=postgres user=postgres sslmode=disable"
            f" gssencmode=disable connect_timeout={PATIENCE:.0f} application_name={application}"
        )

    def prepare_meeting(self):
        subprocess.run(
            [*self._client("test"), "--file", MEETING],
            check=True,
            timeout=PATIENCE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # notices
        )

    @contextmanager
    def gate(self):
        """A session that has the lock which those who meet wait for."""
        ask = [*self._client("gate"), "--tuples-only", "--file", "-"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        with _process(ask, signal.SIGTERM, **pipes) as psql:
            psql.stdin.write(b"SELECT 'locked' FROM pg_advisory_lock(1);\n")
            psql.stdin.flush()
            assert psql.stdout.readline().strip() == b"locked"
            yield

    def _client(self, application):
        words = ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]
        return [self._psql, *words, "--dbname", self.database(application)]


@contextmanager
def running():
    """Make a cluster and run its server."""
    programs = _programs()
    # Only its owner may enter the tests' own folders, and a socket's path must be short.
    with tempfile.TemporaryDirectory(prefix="flux-pg-") as name:
        folder = Path(name)
        if _owner():
            shutil.chown(folder, "postgres", "postgres")
        _make_cluster(programs, folder / "data")
        settings = _SETTINGS | {"unix_socket_directories": name}
        words = [f"--{key}={value}" for key, value in settings.items()]
        command = [programs / "postgres", "-D", folder / "data", "--port=5432", *words]
        pipes = {"stdin": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        with _process(command, signal.SIGINT, **pipes, **_owner()) as server:
            _await_ready(server.stderr)
            yield Postgres(programs, folder)


def _programs():
    """The folder of the newest server's programs."""
    folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max(folders, key=lambda program: int(program.parts[-3])).parent


def _owner():
    """PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return {}
    return {"user": "postgres", "group": "postgres", "extra_groups": [], "cwd": "/"}


def _make_cluster(programs, data):
    words = ["--username=postgres", "--auth=trust", "--locale=C", "--encoding=UTF8", "--no-sync"]
    subprocess.run(
        [programs / "initdb", "-D", data, *words],
        check=True,
        timeout=PATIENCE,
        stdout=subprocess.DEVNULL,
        **_owner(),
    )


def _await_ready(log):
    lines = []
    for line in log:
        lines.append(line)
        if b"ready to accept connections" in line:
            return
    raise AssertionError(b"".join(lines).decode())


@contextmanager
def _process(command, end, **options):
    """A process that is sent a signal in the end, and killed if that doesn't help."""
    with subprocess.Popen(command, **options) as process:
        try:
            yield process
        finally:
            process.send_signal(end)
            try:
                process.wait(PATIENCE)
            finally:
                process.kill()
