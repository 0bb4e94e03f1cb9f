"""One connection has the lock of a database until all others ask for it."""

import sqlite3
import sys
import threading

from together import tell_of

file, count = sys.argv[1], int(sys.argv[2])
locked = threading.Event()
asking = threading.Semaphore(0)


def connect():
    return sqlite3.connect(file, timeout=100, isolation_level=None)


def hold():
    connection = connect()
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("CREATE TABLE numbers (number)")
    locked.set()
    for _ in range(count - 1):
        asking.acquire()
    connection.execute("COMMIT")
    return -1


def insert(number):
    connection = connect()
    locked.wait()
    asking.release()
    connection.execute("INSERT INTO numbers VALUES (?)", [number])
    return number


tell_of(lambda number: insert(number) if number else hold(), count)
