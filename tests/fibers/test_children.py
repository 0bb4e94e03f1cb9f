"""Processes that a program with fibers starts."""

import pytest

pytestmark = pytest.mark.timeout(400)

ENVIRONMENT = """
    import os, subprocess, sys

    code = "import os, ctypes; print(hasattr(ctypes.CDLL(None), 'flux_fibers'))"
    print("libflux" in os.environ.get("LD_PRELOAD", ""))
    sys.stdout.flush()
    subprocess.run([sys.executable, "-c", code], check=True)
"""


@pytest.mark.parametrize(("options", "has"), [((), "False"), (("--children",), "True")])
def test_children_have_fibers_only_if_that_was_asked_for(fibers, options, has):
    assert fibers(ENVIRONMENT, options=options).split() == [has, has]


def test_a_child_leaves_its_parents_descriptors_alone(fibers):
    told = fibers("""
        import socket, subprocess, sys, threading

        one, other = socket.socketpair()
        waiting = threading.Thread(target=lambda: print(one.recv(9)))
        waiting.start()

        def start():
            print(subprocess.run([sys.executable, "-c", "print('child')"], stdout=-1).stdout)
            other.send(b"parent")

        threading.Thread(target=start).start()
    """)
    assert told == "b'child\\n'\nb'parent'\n"


def test_a_forked_child_goes_on_and_has_fibers_of_its_own(fibers):
    told = fibers("""
        import os, socket, threading, warnings

        warnings.simplefilter("ignore", DeprecationWarning)

        def fork():
            own = threading.get_ident()
            child = os.fork()
            if child == 0:
                one, other = socket.socketpair()
                reader = threading.Thread(target=lambda: print(one.recv(9), flush=True))
                reader.start()
                other.send(b"child")
                reader.join()
                os._exit(7 if threading.get_ident() == own else 8)
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))

        one, other = socket.socketpair()
        threading.Thread(target=one.recv, args=[1], daemon=True).start()
        forking = threading.Thread(target=fork)
        forking.start()
        forking.join()
    """)
    assert told == "b'child'\n7\n"


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_processes_of_multiprocessing_answer(flux, script, method):
    done = flux(
        "fibers",
        script("""
        import multiprocessing, os, sys, threading, warnings

        def double(number):
            return os.getpid(), 2 * number

        def ask():
            context = multiprocessing.get_context(sys.argv[1])
            with context.Pool(2) as pool:
                answers = pool.map(double, range(10))
            print(os.getpid() in dict(answers), [answer for _, answer in answers])

        if __name__ == "__main__":
            warnings.simplefilter("ignore", DeprecationWarning)
            thread = threading.Thread(target=ask)
            thread.start()
            thread.join()
        """),
        method,
    )
    assert done.stdout == f"False {[2 * number for number in range(10)]}\n", done.stderr


def test_a_thread_can_become_another_program(fibers):
    told = fibers("""
        import os, sys, threading

        other = [sys.executable, "-c", "print('another')"]
        threading.Thread(target=os.execv, args=[sys.executable, other]).start()
        threading.Event().wait()
    """)
    assert told == "another\n"


def test_others_go_on_while_a_command_runs_which_blocks_no_signals(fibers):
    told = fibers("""
        import os, threading

        os.mkfifo("fifo")
        begun = threading.Event()

        def run(command):
            begun.set()
            print(os.waitstatus_to_exitcode(os.system(command)))

        def answer():
            begun.wait()
            with open("fifo", "w") as file:
                file.write("7")

        waiting = threading.Thread(target=run, args=["exit $(cat fifo)"])
        for each in (waiting, threading.Thread(target=answer)):
            each.start()
        waiting.join()
        threading.Thread(target=run, args=["kill $$"]).start()
    """)
    assert told == "7\n-15\n"


def test_threads_start_programs_at_the_same_time_and_hear_of_their_ends(fibers):
    told = fibers("""
        import subprocess, sys, threading

        all_started, ends = threading.Barrier(3), []

        def start(status):
            code = f"import sys; sys.stdin.read(); sys.exit({status})"
            with subprocess.Popen([sys.executable, "-c", code], stdin=-1) as child:
                all_started.wait()
            ends.append(child.returncode)

        threads = [threading.Thread(target=start, args=[status]) for status in (5, 6, 7)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        print(sorted(ends))
    """)
    assert told == "[5, 6, 7]\n"
