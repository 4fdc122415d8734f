"""Whom a child runs as: root becomes a user of its own, so that the limit on processes counts."""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct

PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 8, 47, 2
CAP_DAC_READ_SEARCH = 2
CAPABILITY_VERSION_3 = 0x20080522
FIRST_USER = 2_000_000_000
"""Far above any account, and below 2^31; the server's process id is added, so that no two servers
share a user and no child can signal another server's."""

_libc = ctypes.CDLL(None, use_errno=True)


class Identity:
    """The user that children become, found out by trying.

    `user` is 0 where children stay what the server is: an ordinary user, or a root that may not
    change. Where the standard library lies in a folder that only root may enter, children keep
    the right to read (and no other).
    """

    def __init__(self) -> None:
        self.user = 0
        self.reads_all = False
        self.other_tasks = 0
        if os.getuid() != 0:
            self.other_tasks = _tasks_of(os.getuid())
            return
        for self.reads_all in (False, True):
            self.user = FIRST_USER + os.getpid()
            if self._can_import():
                return
        self.user = 0

    @property
    def process_limit_counts(self) -> bool:
        """Whether the kernel holds a child to `RLIMIT_NPROC`: never for root."""
        return self.user != 0 or os.getuid() != 0

    def take(self) -> None:
        """Become that user, for good."""
        if self.user == 0:
            return
        if self.reads_all:
            _libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
        os.setgroups([])
        os.setresgid(self.user, self.user, self.user)
        os.setresuid(self.user, self.user, self.user)
        if self.reads_all:
            right = 1 << CAP_DAC_READ_SEARCH
            header = struct.pack("<Ii", CAPABILITY_VERSION_3, 0)
            # Effective, permitted and inheritable; the ambient set carries it through an exec.
            if _libc.capset(header, struct.pack("<6I", right, right, right, 0, 0, 0)) != 0:
                raise PermissionError("capset")
            _libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_READ_SEARCH, 0, 0)

    def _can_import(self) -> bool:
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException):
                self.take()
                os.close(os.open(os.__file__, os.O_RDONLY))
                os._exit(0)
            os._exit(1)
        return os.waitpid(child, 0)[1] == 0


def _tasks_of(user: int) -> int:
    """The tasks that `user` runs now; the kernel counts them against the limit on processes."""
    count = 0
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if entry.stat().st_uid == user:
                    count += len(list(os.scandir(f"/proc/{entry.name}/task")))
    return count
