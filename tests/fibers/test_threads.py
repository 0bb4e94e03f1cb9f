"""Threads that are fibers are threads to the program. What would block them all hangs a test."""

import pytest

pytestmark = pytest.mark.timeout(400)


def test_threads_that_wait_for_each_other_share_one_thread_of_the_system(fibers):
    told = fibers("""
        import socket, threading

        pairs = [socket.socketpair() for _ in range(101)]
        carriers = set()

        def hand_on(index):
            message = pairs[index][1].recv(9)
            carriers.add(threading.get_native_id())
            pairs[index + 1][0].send(message)

        threads = [threading.Thread(target=hand_on, args=[index]) for index in range(100)]
        for thread in threads:
            thread.start()
        pairs[0][0].send(b"hello")
        print(pairs[100][1].recv(9), len(carriers), threading.get_native_id() in carriers)
    """)
    assert told == "b'hello' 1 False\n"


def test_each_thread_has_an_identity_and_variables_of_its_own(fibers):
    told = fibers("""
        import threading

        own, all_came, seen = threading.local(), threading.Barrier(50), set()

        def keep(number):
            own.number = number
            all_came.wait()
            seen.add((threading.get_ident(), own.number))

        threads = [threading.Thread(target=keep, args=[number]) for number in range(50)]
        for thread in threads:
            thread.start()
        idents = {thread.ident for thread in threads}
        for thread in threads:
            thread.join()
        print(len(idents), {ident for ident, _ in seen} == idents, len({n for _, n in seen}))
    """)
    assert told == "50 True 50\n"


def test_threads_take_turns_at_locks_and_queues(fibers):
    told = fibers("""
        import queue, threading

        lock, numbers, results = threading.RLock(), queue.Queue(1), []

        def take():
            while (number := numbers.get()) is not None:
                with lock, lock:
                    results.append(number)

        threads = [threading.Thread(target=take) for _ in range(8)]
        for thread in threads:
            thread.start()
        for number in [*range(500), *[None] * 8]:
            numbers.put(number)
        for thread in threads:
            thread.join()
        print(sorted(results) == list(range(500)))
    """)
    assert told == "True\n"


def test_sleeping_threads_wake_up_in_the_order_of_their_times(fibers):
    told = fibers("""
        import threading, time

        def sleep(seconds):
            time.sleep(seconds)
            print(seconds)

        for seconds in (0.5, 0.25, 0.01):
            threading.Thread(target=sleep, args=[seconds]).start()
    """)
    assert told == "0.01\n0.25\n0.5\n"


def test_a_wait_with_a_time_out_ends(fibers):
    told = fibers("""
        import socket, threading

        def wait():
            print(threading.Event().wait(0.01), threading.Lock().acquire(timeout=0.01))
            one, other = socket.socketpair()
            one.settimeout(0.01)
            try:
                one.recv(1)
            except TimeoutError:
                print("late")

        threading.Thread(target=wait).start()
    """)
    assert told == "False True\nlate\n"


def test_a_thread_that_computes_lets_others_in(fibers):
    told = fibers("""
        import threading

        begun, stop = threading.Event(), False

        def compute():
            begun.set()
            while not stop:
                pass

        def end():
            global stop
            begun.wait()
            stop = True

        threads = [threading.Thread(target=each) for each in (compute, compute, end)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print("ended")
    """)
    assert told == "ended\n"


def test_deep_recursion_in_c_raises_an_error(fibers):
    told = fibers("""
        import threading

        class Endless:
            def __getattr__(self, name):
                return getattr(self, name + "x")

        def recur():
            try:
                Endless().name
            except RecursionError:
                print("RecursionError")

        threading.Thread(target=recur).start()
    """)
    assert told == "RecursionError\n"


def test_names_are_resolved_on_a_helper_thread(fibers):
    told = fibers("""
        import pathlib, socket, threading

        def helpers():
            tasks = pathlib.Path("/proc/self/task").glob("*/comm")
            return [each for each in tasks if each.read_text() == "flux-helper\\n"]

        def resolve():
            before = len(helpers())
            print(socket.getaddrinfo("127.0.0.1", 80)[0][4], len(helpers()) - before)

        threading.Thread(target=resolve).start()
    """)
    assert told == "('127.0.0.1', 80) 1\n"


def test_daemons_that_wait_or_compute_do_not_outlive_the_program(fibers):
    told = fibers("""
        import socket, threading

        one, other = socket.socketpair()

        def compute():
            while True:
                pass

        threading.Thread(target=one.recv, args=[1], daemon=True).start()
        threading.Thread(target=compute, daemon=True).start()
        print("over")
    """)
    assert told == "over\n"


def test_a_thread_that_computes_gives_way_to_each_that_wakes_up(fibers):
    told = fibers("""
        import threading, time

        stopped = False

        def compute():
            while not stopped:
                pass

        threads = [threading.Thread(target=compute) for _ in range(4)]
        for thread in threads:
            thread.start()
        for _ in range(3):
            sleeper = threading.Thread(target=time.sleep, args=[0.001])
            sleeper.start()
            sleeper.join()
        stopped = True
        for thread in threads:
            thread.join()
        print("over")
    """)
    assert told == "over\n"


def test_a_thousand_threads_wait_at_once_and_leave_nothing(fibers):
    told = fibers("""
        import threading

        def park(number):
            come, go = threading.Semaphore(0), threading.Semaphore(0)

            def wait():
                come.release()
                go.acquire()

            threads = [threading.Thread(target=wait) for _ in range(number)]
            for each in threads:
                each.start()
            for _ in threads:
                come.acquire()
            go.release(number)
            for each in threads:
                each.join()

        def mappings():
            return len(open("/proc/self/maps").readlines())

        park(1000)
        before = mappings()
        for _ in range(3):
            park(1000)
        print(threading.active_count(), mappings() <= before + 10)
    """)
    assert told == "1 True\n"


def test_others_run_while_a_name_is_resolved_or_a_fifo_is_opened(fibers):
    told = fibers("""
        import os, socket, threading

        os.mkfifo("fifo")
        begun = threading.Barrier(3)

        def read():
            begun.wait()
            with open("fifo") as file:
                print(file.read())

        def resolve():
            begun.wait()
            print(socket.getaddrinfo("127.0.0.1", 80)[0][4])

        threads = [threading.Thread(target=each) for each in (read, resolve)]
        for each in threads:
            each.start()
        begun.wait()
        threads[1].join()
        with open("fifo", "w") as file:
            file.write("written")
        threads[0].join()
    """)
    assert told == "('127.0.0.1', 80)\nwritten\n"
