"""What is seen of threads that are fibers: by faulthandler, SIGUSR1, and reports of stalls."""

import re

import pytest

pytestmark = pytest.mark.timeout(400)

WAITING = """
    import faulthandler, socket, sys, threading

    one, other = socket.socketpair()

    def wait_for_a_byte():
        one.recv(1)

    def wait_for_a_lock(lock):
        lock.acquire()

    lock = threading.Lock()
    lock.acquire()
    threads = [
        threading.Thread(target=wait_for_a_byte),
        threading.Thread(target=wait_for_a_lock, args=[lock]),
    ]
    for each in threads:
        each.start()
"""

END = """
    other.send(b".")
    lock.release()
"""


def test_faulthandler_shows_where_each_thread_waits(flux, script):
    dump = "    faulthandler.dump_traceback(all_threads=True)\n"
    done = flux("fibers", script(WAITING + dump + END))
    assert done.returncode == 0
    for function in ("wait_for_a_byte", "wait_for_a_lock", "<module>"):
        assert f" in {function}\n" in done.stderr


def test_faulthandler_dumps_later_while_the_loop_is_busy(flux, script):
    done = flux(
        "fibers",
        script("""
        import faulthandler, os, threading

        receiver, sender = os.pipe()
        begun, stopped = threading.Event(), False

        def compute():
            begun.set()
            while not stopped:
                pass

        threading.Thread(target=compute).start()
        begun.wait()
        faulthandler.dump_traceback_later(0.01, file=sender)
        print(os.read(receiver, 9).decode())
        stopped = True
        """),
    )
    assert (done.returncode, done.stdout) == (0, "Timeout (\n"), done.stderr


def test_a_fault_shows_the_thread_that_it_came_to(flux, script):
    done = flux(
        "fibers",
        script("""
        import ctypes, faulthandler, threading

        faulthandler.enable()

        def fault():
            ctypes.string_at(0)

        threading.Thread(target=fault).start()
        threading.Event().wait()
        """),
    )
    assert done.returncode == -11
    assert "Fatal Python error: Segmentation fault" in done.stderr
    current = done.stderr.partition("Current thread ")[2].partition("\n\n")[0]
    assert " in fault\n" in current


FLOWS = """
Listen () -> (int item);
Find (int item) -> (int item);
Buy (int item) -> ();
source Listen => Serve;
Serve = Find -> Buy;
constraint Find: {stock?};
"""


@pytest.fixture
def serve(flux, script, tmp_path):
    """Serves flows on fibers whose node `Find` has this body; what is told on either stream."""

    def run(imports, find, *options):
        text = f"{imports}\n\ndef listen():\n    yield 7\n\ndef buy(item): pass\n\n"
        text += f"def find(item):\n{find}\n    return item\n"
        (tmp_path / script(text)).rename(tmp_path / "shop.py")
        (tmp_path / "shop.flux").write_text(FLOWS, encoding="utf-8")
        done = flux("run", "shop.flux", "--runtime", "event", *options)
        assert done.returncode == 0, done.stderr
        return done

    return run


LINE = (
    r"flux: Listen => Serve, in Find, \d+\.\d+ s old, holds stock\?,"
    r" awaits recv of descriptor \d+"
)

ASK = """
    one, other = socket.socketpair()

    def heard(text):
        print(text.strip())
        other.send(b".")

    sys.stderr = types.SimpleNamespace(write=heard, flush=bool)
    os.kill(os.getpid(), signal.SIGUSR1)
    one.recv(1)
"""


def test_sigusr1_lists_the_live_flows(serve):
    first, second = serve("import os, signal, socket, sys, types", ASK).stdout.splitlines()
    assert first == "flux: the loop carries 1 flow"
    assert re.fullmatch(LINE, second)


KEEP = """
    told = os.open("told", os.O_CREAT | os.O_RDWR)
    os.dup2(told, 2)
    while not os.fstat(told).st_size:
        sum(range(1_000_000))
    print(os.pread(told, 9999, 0).decode())
"""


def test_a_node_that_holds_up_the_others_is_told(serve):
    first, second, *_ = serve("import os", KEEP, "--stall", "1").stdout.splitlines()
    assert first.startswith("flux: a fiber has held up all others for ")
    assert first.endswith(" ms in Find of Listen => Serve")
    assert second.startswith('  File "')
    assert second.endswith(", in find")
