"""Functions of Python that SQLite calls meet: each has SQLite's own calls below it, which wait."""

import sqlite3
import sys
import threading

from together import tell_of

count = int(sys.argv[1])
meeting = threading.Barrier(count)


def meet(number):
    meeting.wait()
    return number


def call(number):
    connection = sqlite3.connect(":memory:")
    connection.create_function("meet", 1, meet)
    return connection.execute("SELECT meet(?)", [number]).fetchone()[0]


tell_of(call, count)
