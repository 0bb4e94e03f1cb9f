"""Serve until signals stop it; the first argument says how its one flow behaves."""

import sys
import threading
import types

from runtime import programs

from flux.runtime import Server

listening = threading.Event()
worked = threading.Event()


def listen():
    """Give one item, then block for ever, or until there is input."""
    if listening.is_set():
        worked.wait()
        if sys.argv[1] == "read":
            say("reading")
            sys.stdin.buffer.readline()
        threading.Event().wait()
    listening.set()


listen.interrupt = lambda: say("stopping")


def say(word):
    """Tell the test what has happened."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def work(_item):
    """Say that the flow runs, then finish at once, when asked to, or never."""
    say("working")
    worked.set()
    if sys.argv[1] == "slow":
        sys.stdin.readline()
    if sys.argv[1] == "stuck":
        threading.Event().wait()


implementation = types.SimpleNamespace(listen=listen, work=work)
sys.exit(
    Server(programs.plain, implementation, runtime=sys.argv[2], drain=float(sys.argv[3])).run()
)
