"""Serve in workers: the arguments are how many, the seconds to drain, and how they behave."""

import os
import signal
import socket
import sys
import time
import types
from pathlib import Path

from runtime import programs

from flux.nodes.tcp import Listener
from flux.runtime import ProfileOptions, Server, announce
from flux.runtime.fibers import has_fibers
from flux.runtime.workers import restarts, supervisor

LONG = 1000.0  # seconds, of which nobody waits for any

count, drain, start_timeout, manner, *rest = sys.argv[1:]
restarts.MOST = 2
if manner == "hang":
    supervisor.GRACE = 0.0
listener = Listener()
kept = []


def init(_arguments):
    """Listen; what goes wrong here keeps a worker from serving."""
    if manner == "fail" or (manner == "fail later" and not announces()):
        raise SystemExit(7)
    if manner == "hang in init":
        wait_for_ever()
    if manner == "hang later" and not announces():
        pass_time()
        wait_for_ever()
    if manner == "alone":
        kept.append(socket.create_server(("127.0.0.1", int(rest[0]))))
    if manner != "ending":
        listener.open()
        announce(listener.port)


def announces():
    """Whether this is the first worker of all; what is made here tells the next that it isn't."""
    try:
        Path(rest[0]).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def wait_for_ever():
    """Wait for what nobody sends."""
    one, _other = socket.socketpair()
    one.recv(1)


def pass_time():
    """Let more time pass for the parent than a worker may take to start, and have it look."""
    with Path(rest[0]).open("a", encoding="utf-8") as passed:
        passed.write(".")
    os.kill(os.getppid(), signal.SIGCHLD)


def clock():
    """The parent's time, in seconds: what has passed, and what the workers have let pass."""
    passed = len(Path(rest[0]).read_text(encoding="utf-8")) if Path(rest[0]).exists() else 0
    return time.monotonic() + LONG * passed


def listen():
    """The next client; none where the program is to end by itself."""
    if manner == "ending":
        raise StopIteration
    return listener.listen()


def work(client):
    """Tell who serves, do what the client wishes, and tell that it is done."""
    wish = client.receive()
    if wish == b"die":
        os._exit(9)
    client.send(b"%d\n" % os.getpid())
    if wish == b"wait":
        client.receive()
    client.send(b"done\n")
    client.close()


def shutdown():
    """End, or don't."""
    while manner == "hang":
        wait_for_ever()


listen.finish = listener.finish
listen.interrupt = listener.close
implementation = types.SimpleNamespace(listen=listen, work=work, init=init, shutdown=shutdown)
profile = ProfileOptions(on=True, file=rest[0]) if manner == "profile" else ProfileOptions()
patience = float(drain), float(start_timeout)
if manner == "hang later":
    status = supervisor.supervise(int(count), *patience, clock)
else:
    status = supervisor.supervise(int(count), *patience)
if status is None:
    server = Server(
        programs.plain,
        implementation,
        runtime="event" if has_fibers() else "thread",
        drain=float(drain),
        profile=profile,
    )
    status = server.run()
sys.exit(status)
