"""Signals of programs whose threads are fibers."""

import pytest

pytestmark = pytest.mark.timeout(400)


def test_signals_are_for_the_main_thread(fibers):
    told = fibers("""
        import os, signal, socket, threading

        one, other = socket.socketpair()
        threading.Thread(target=one.recv, args=[1]).start()

        def hear(signum, frame):
            print(signum == signal.SIGTERM, threading.current_thread().name)
            other.send(b".")

        signal.signal(signal.SIGTERM, hear)
        os.kill(os.getpid(), signal.SIGTERM)
    """)
    assert told == "True MainThread\n"


def test_a_thread_that_waits_for_a_signal_gives_way_to_the_one_that_sends_it(fibers):
    told = fibers("""
        import os, signal, threading

        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
        begun = threading.Event()

        def wait():
            begun.set()
            print(signal.sigwait({signal.SIGUSR1}) == signal.SIGUSR1)

        def send():
            begun.wait()
            os.kill(os.getpid(), signal.SIGUSR1)

        for each in (wait, send):
            threading.Thread(target=each).start()
    """)
    assert told == "True\n"


def test_a_thread_blocks_the_signals_that_its_maker_blocks(fibers):
    told = fibers("""
        import signal, threading

        def tell():
            print(len(signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2})))

        for how in (signal.SIG_BLOCK, signal.SIG_UNBLOCK):
            signal.pthread_sigmask(how, {signal.SIGUSR1})
            thread = threading.Thread(target=tell)
            thread.start()
            thread.join()
    """)
    assert told == "1\n0\n"
