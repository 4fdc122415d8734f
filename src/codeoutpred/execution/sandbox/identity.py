"""Whom a server runs as: root becomes a user of its own, so that the limit on processes counts.

Done once, before any program: it costs a child nothing, and an ordinary user's server works alike.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct

PR_SET_KEEPCAPS, PR_SET_DUMPABLE, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 8, 4, 47, 2
CAP_DAC_READ_SEARCH = 2
CAPABILITY_VERSION_3 = 0x20080522
FIRST_USER = 2_000_000_000
"""Far above any account, and below 2^31; the server's process id is added, so that no two servers
share a user and no program can signal another server's."""

_libc = ctypes.CDLL(None, use_errno=True)


def leave_root(folder: str) -> bool:
    """As root, hand `folder` over to a new user and become that user, for good: true if so.

    Where the standard library lies in a folder that only root may enter, the right to read (and
    no other) is kept; a root that may not change stays root. Either way this process can be
    neither traced nor read by the programs it runs.
    """
    user = FIRST_USER + os.getpid()
    if os.getuid() == 0:
        os.chown(folder, user, user)
        if rights := [read_all for read_all in (False, True) if _can_live(folder, user, read_all)]:
            _become(user, rights[0])
        else:
            os.chown(folder, 0, 0)
    _libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    return os.getuid() == user


def counts_by_namespace() -> bool:
    """Whether the kernel counts a user's tasks anew in each user namespace: since 5.14."""
    major, minor = os.uname().release.split(".")[:2]
    return (int(major), int("".join(filter(str.isdigit, minor)) or 0)) >= (5, 14)


def tasks_of_this_user() -> int | None:
    """The tasks of this user, which the kernel counts against the limit on processes.

    None for root: the kernel holds root to no such limit.
    """
    user = os.getuid()
    if user == 0:
        return None
    count = 0
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if entry.stat().st_uid == user:
                    count += len(list(os.scandir(f"/proc/{entry.name}/task")))
    return count


def _become(user: int, read_all: bool) -> None:
    if read_all:
        _libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    if read_all:
        right = 1 << CAP_DAC_READ_SEARCH
        header = struct.pack("<Ii", CAPABILITY_VERSION_3, 0)
        # Effective, permitted and inheritable; the ambient set carries it through an exec.
        if _libc.capset(header, struct.pack("<6I", right, right, right, 0, 0, 0)) != 0:
            raise PermissionError("capset")
        _libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_READ_SEARCH, 0, 0)


def _can_live(folder: str, user: int, read_all: bool) -> bool:
    """Whether `user` would find the standard library and could enter `folder`: by trying."""
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            _become(user, read_all)
            os.close(os.open(os.__file__, os.O_RDONLY))
            os.chdir(folder)
            os._exit(0)
        os._exit(1)
    return os.waitpid(child, 0)[1] == 0
