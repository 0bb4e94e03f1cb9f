"""What can't be tried without waiting, cold files and names of hosts: other fibers go on meanwhile.

What would hold them up hangs a test.
"""

import pytest

pytestmark = pytest.mark.timeout(400)

COLD = """
    import os, threading
    from flux.runtime.live import fibers

    PAGE, PAGES, TRIES = 4096, 64, 100

    def page(number):
        return number.to_bytes(8, "little") * (PAGE // 8)

    def cooled():
        with open("data", "wb") as file:
            file.write(b"".join(map(page, range(PAGES))))
            file.flush()
            os.fsync(file.fileno())
        file = os.open("data", os.O_RDONLY)
        for advice in (os.POSIX_FADV_RANDOM, os.POSIX_FADV_DONTNEED):
            os.posix_fadvise(file, 0, 0, advice)
        return file

    def is_cold(file):
        try:
            os.preadv(file, [bytearray(1)], 0, os.RWF_NOWAIT)
        except BlockingIOError:
            return True
        except OSError:  # a file system that can't tell
            return False
        return False

    def pread(file, number):
        return os.pread(file, PAGE, PAGE * number)

    def read(file, number):
        return os.read(file, PAGE)

    def awaited(call):
        file, asked, seen, right = cooled(), threading.Semaphore(0), set(), []
        cold = is_cold(file)

        def read_all():
            for number in range(PAGES):
                asked.release()
                right.append(call(file, number) == page(number))

        def look_on():
            for _ in range(PAGES):
                asked.acquire()
                seen.update(each.awaits for each in fibers())

        threads = [threading.Thread(target=each) for each in (look_on, read_all)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        os.close(file)
        assert right == [True] * PAGES
        return seen if cold else {None}

    for call in (pread, read):
        for _ in range(TRIES):  # a disk can be so quick that no read waits
            seen = awaited(call)
            if seen == {None} or call.__name__.encode() in seen:
                break
        print("warm" if seen == {None} else call.__name__.encode() in seen)
"""


def test_others_run_while_a_file_is_read_from_its_disk(fibers):
    told = fibers(COLD).split()
    if "warm" in told:
        pytest.skip("this file system keeps all in memory, or can't tell")
    assert told == ["True", "True"]


def test_others_run_while_the_system_reads_what_it_needs_to_resolve_a_name(fibers):
    told = fibers("""
        import os, socket, threading

        os.mkfifo("host.conf")
        os.environ["RESOLV_HOST_CONF"] = "host.conf"
        begun, steps = threading.Event(), []

        def resolve():
            begun.set()
            socket.gethostbyname_ex("localhost")
            steps.append("resolved")

        def answer():
            begun.wait()
            with open("host.conf", "w") as file:
                steps.append("asked")
                file.write("multi on")

        threads = [threading.Thread(target=each) for each in (resolve, answer)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        print(*steps)
    """)
    assert told == "asked resolved\n"


def test_others_run_while_a_part_of_a_file_is_locked_by_another_process(fibers):
    told = fibers("""
        import os, subprocess, sys, threading

        code = "import os; os.lockf(os.open('data', os.O_RDWR), os.F_LOCK, 0); print(flush=True);"
        file = os.open("data", os.O_CREAT | os.O_RDWR)
        other = subprocess.Popen([sys.executable, "-c", code + "input()"], stdin=-1, stdout=-1)
        other.stdout.readline()
        begun, steps = threading.Event(), []

        def lock():
            begun.set()
            os.lockf(file, os.F_LOCK, 0)
            steps.append("locked")

        def end():
            begun.wait()
            steps.append("ended")
            other.communicate(b"go")

        threads = [threading.Thread(target=each) for each in (lock, end)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        print(*steps)
    """)
    assert told == "ended locked\n"
