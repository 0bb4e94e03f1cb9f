"""Runs a command as on a kernel that has no openat2: `python without_openat2.py COMMAND…`."""

import ctypes
import errno
import os
import struct
import sys

NO_NEW_PRIVILEGES, SECCOMP, FILTER = 38, 22, 2  # of prctl
LOAD, JUMP_IF_SAME, RETURN = 0x20, 0x15, 0x06  # of the filter's machine
FAIL, ALLOW = 0x0005_0000, 0x7FFF_0000
OPENAT2 = 437

PROGRAM = b"".join(
    struct.pack("HBBI", *step)
    for step in [
        (LOAD, 0, 0, 0),  # the number of the call
        (JUMP_IF_SAME, 0, 1, OPENAT2),
        (RETURN, 0, 0, FAIL | errno.ENOSYS),
        (RETURN, 0, 0, ALLOW),
    ]
)


def forbid():
    libc = ctypes.CDLL(None, use_errno=True)
    steps = ctypes.create_string_buffer(PROGRAM, len(PROGRAM))
    program = struct.pack("HxxxxxxP", len(PROGRAM) // 8, ctypes.addressof(steps))
    if libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(SECCOMP, FILTER, program, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


if __name__ == "__main__":
    forbid()
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - the command is the test's
