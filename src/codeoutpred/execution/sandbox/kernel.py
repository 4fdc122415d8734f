"""The kernel's doors that Python has no handle for: system calls by way of ctypes.

kernel.call("unshare", CLONE_NEWUSER)  # raises OSError where the kernel says no
"""

from __future__ import annotations

import ctypes
import os

MACHINE = os.uname().machine

_NUMBERS = {
    "x86_64": {"seccomp": 317, "pivot_root": 155, "clone": 56},
    "aarch64": {"seccomp": 277, "pivot_root": 41, "clone": 220},
}
_SAME_EVERYWHERE = {
    "mount_setattr": 442,
    "landlock_create_ruleset": 444,
    "landlock_add_rule": 445,
    "landlock_restrict_self": 446,
}
_libc = ctypes.CDLL(None, use_errno=True)
_holding = ctypes.PyDLL(None)  # what it calls, it calls with the interpreter's lock held

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_SECUREBITS = 1, 4, 24, 28
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 36, 38


def call(name: str, *arguments: int | bytes | None) -> int:
    """Call the C library's function `name`, or the system call where it has none of that name."""
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in arguments]
    function = getattr(_libc, name, None)
    if function is None:
        numbers = {**_SAME_EVERYWHERE, **_NUMBERS.get(MACHINE, {})}
        if name not in numbers:
            raise OSError(f"{name}: this library does not know the system calls of {MACHINE}")
        result: int = _libc.syscall(ctypes.c_long(numbers[name]), *words)
    else:
        result = function(*words)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def control(option: int, *arguments: int) -> None:
    """Call `prctl`, which wants all of its five arguments."""
    call("prctl", option, *arguments, *[0] * (4 - len(arguments)))


def clone(flags: int) -> int:
    """`os.fork` with these flags, by the system call itself: nothing is told to the interpreter.

    The caller must have a single thread.
    """
    child: int = _holding.syscall(_NUMBERS[MACHINE]["clone"], flags, 0, 0, 0, 0)
    if child < 0:
        raise BlockingIOError("no more processes")
    return child
