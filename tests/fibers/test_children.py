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
