"""Servers whose flows are traced, and what a receiver gets of them."""

from measured.receiver import Receiver
from measured.traced import flows
from runtime.profiler.profiles import PROGRAM, program

from flux.runtime import TraceOptions


def traced(tmp_path, every=1, text=PROGRAM, options=None, receiver=None, **functions):
    """The flows that a receiver gets of a server which ran until its sources ended."""
    receiver = receiver or Receiver()
    with receiver.listening() as url:
        served(tmp_path, url, every, text, options, **functions)
    return flows(receiver.spans)


def served(tmp_path, url, every=1, text=PROGRAM, options=None, **functions):
    """A server that has run until its sources ended, and sent its traces to a URL."""
    server = program(tmp_path, text, **functions).server(
        trace=TraceOptions(url, every), **(options or {})
    )
    with server:
        server.wait()
    return server


def giving(*items):
    """A first node of turns that gives these."""

    def listen():
        yield from items

    return listen
