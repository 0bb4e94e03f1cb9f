"""What goes wrong in a fiber goes wrong as on a thread, and the others go on."""

import pytest

pytestmark = pytest.mark.timeout(400)

DEEP = """
    import json, pickle, threading

    class Endless:
        def __getattr__(self, name):
            return getattr(self, name + "x")

    def nested():
        found = []
        for _ in range(100_000):
            found = [found]
        return found

    def recur():
        recur()

    def attempt(name, work):
        try:
            work()
        except RecursionError:
            print(name)

    lists = nested()
    attempts = {
        "call": recur,
        "getattr": lambda: Endless().name,
        "repr": lambda: repr(lists),
        "json": lambda: json.dumps(lists),
        "pickle": lambda: pickle.dumps(lists),
        "compare": lambda: lists == nested(),
    }
    for each in attempts.items():
        thread = threading.Thread(target=attempt, args=each)
        thread.start()
        thread.join()
    print("over")
"""


def test_deep_recursion_of_all_kinds_raises_an_error(fibers):
    told = fibers(DEEP)
    assert told.split() == ["call", "getattr", "repr", "json", "pickle", "compare", "over"]


def test_an_exception_ends_its_thread_and_no_other(flux, script):
    done = flux(
        "fibers",
        script("""
        import threading

        begun = threading.Event()

        def fail():
            begun.wait()
            raise ValueError("of one thread")

        failing = threading.Thread(target=fail, name="failing")
        threads = [failing, threading.Thread(target=begun.set)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        print("over")
        """),
    )
    assert (done.returncode, done.stdout) == (0, "over\n")
    assert "Exception in thread failing" in done.stderr
    assert done.stderr.endswith("ValueError: of one thread\n")


def test_each_thread_handles_an_exception_of_its_own(fibers):
    told = fibers("""
        import sys, threading

        both = threading.Barrier(2)

        def handle(number):
            try:
                raise ValueError(number)
            except ValueError:
                both.wait()
                handled = sys.exception().args[0]
                both.wait()
                print(handled == number)

        for number in (1, 2):
            threading.Thread(target=handle, args=[number]).start()
    """)
    assert told == "True\nTrue\n"


def test_an_interrupt_from_the_keyboard_comes_to_the_main_thread(fibers):
    told = fibers("""
        import os, signal, socket, threading

        one, other = socket.socketpair()
        waiting = threading.Thread(target=one.recv, args=[1])
        waiting.start()
        try:
            threading.Thread(target=os.kill, args=[os.getpid(), signal.SIGINT]).start()
            threading.Event().wait()
        except KeyboardInterrupt:
            print("interrupted", waiting.is_alive())
        other.send(b".")
    """)
    assert told == "interrupted True\n"


def test_a_thread_can_be_made_to_raise(fibers):
    told = fibers("""
        import ctypes, threading

        begun = threading.Event()

        def compute():
            try:
                begun.set()
                while True:
                    pass
            except KeyboardInterrupt:
                print("raised")

        thread = threading.Thread(target=compute)
        thread.start()
        begun.wait()
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(KeyboardInterrupt)
        )
        thread.join()
    """)
    assert told == "raised\n"


def test_sys_exit_in_a_thread_ends_it_alone(fibers):
    told = fibers("""
        import sys, threading

        thread = threading.Thread(target=sys.exit, args=[3])
        thread.start()
        thread.join()
        print("over")
    """)
    assert told == "over\n"
