"""A process of its own world: users, processes, mounts, network, and what processes share.

Whoever calls `enter` stays outside as the guard of a child, which alone returns.
"""

from __future__ import annotations

import contextlib
import os
import select
from _signal import SIGKILL  # type: ignore[import-not-found]

TYPE_CHECKING = False  # see `warmth`
if TYPE_CHECKING:
    from typing import NoReturn

    from codeoutpred.execution.sandbox import kernel
    from codeoutpred.execution.sandbox.identity import FIRST_USER
else:
    import kernel
    from identity import FIRST_USER

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000

INNER_USER = 1000
"""The user and the group that everything inside runs as."""
GRACE_SECONDS = 5.0
LEAST_PID, MOST_PIDS_SKIPPED, MOST_PIDS_USED_UP = 300, 30_000, 100


def enter(folder: str) -> int:
    """Return as process 1 of new namespaces, root of them where this process was root.

    Gives the number of tasks that the kernel then counts as those of the inner user: the guard
    has the same, unless it is root's.

    The caller waits outside: it ends with what its child ended with, kills the child where that
    outlives the end of standard input by `GRACE_SECONDS`, and removes `folder` once it is empty.
    """
    user = os.getuid()
    private = FIRST_USER + os.getpid()
    is_private = user == 0 and _is_mapped(private)
    if is_private:
        # The kernel counts no processes of the real root: programs need a user of their own.
        maps = f"0 0 1\n{INNER_USER} {private} 1\n"
        _unshare_mapped_by_a_helper(maps)
    else:
        groups = os.getgid()
        kernel.call("unshare", CLONE_NEWUSER | CLONE_NEWPID)
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{INNER_USER} {user} 1\n")
        _write("/proc/self/gid_map", f"{INNER_USER} {groups} 1\n")
    child = os.fork()
    if child:
        _guard(child, folder)
    kernel.call("unshare", CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS)
    kernel.call("sethostname", b"sandbox", len(b"sandbox"))
    return 1 if is_private else 2


def leave_inner_root() -> None:
    """Become the inner user; nothing changes where this process is it already."""
    if os.getuid() != INNER_USER:
        os.setgroups([])
        os.setresgid(INNER_USER, INNER_USER, INNER_USER)
        os.setresuid(INNER_USER, INNER_USER, INNER_USER)


def scatter_pids() -> None:
    """Have process ids start anywhere: no two servers give a program the same one."""
    random = int.from_bytes(os.urandom(4), "little")
    try:
        _write("/proc/sys/kernel/ns_last_pid", str(LEAST_PID + random % MOST_PIDS_SKIPPED))
    except OSError:  # it is closed to us: use some up
        for _ in range(random % MOST_PIDS_USED_UP):
            child = os.fork()
            if child == 0:
                os._exit(0)
            os.waitpid(child, 0)


def die_with_the_guard() -> None:
    """Be killed when the guard is. To be called after any change of user, which undoes it."""
    kernel.control(kernel.PR_SET_PDEATHSIG, SIGKILL)


def _unshare_mapped_by_a_helper(maps: str) -> None:
    """Only a process outside may map more users than one."""
    this = os.getpid()
    wait, go = os.pipe()
    helper = os.fork()
    if helper == 0:
        os.close(go)
        try:
            if os.read(wait, 1):
                _write(f"/proc/{this}/uid_map", maps)
                _write(f"/proc/{this}/gid_map", maps)
                os._exit(0)
        finally:
            os._exit(1)
    os.close(wait)
    try:
        kernel.call("unshare", CLONE_NEWUSER | CLONE_NEWPID)
        os.write(go, b"x")
    finally:
        os.close(go)
        _, status = os.waitpid(helper, 0)
    if status != 0:
        raise PermissionError("the users of a new user namespace cannot be mapped")


def _is_mapped(user: int) -> bool:
    with open("/proc/self/uid_map") as file:
        rows = [[int(number) for number in line.split()] for line in file]
    return any(first <= user < first + count for first, _, count in rows)


def _guard(child: int, folder: str) -> NoReturn:
    code = 1
    try:
        for descriptor in (1, 2):  # so that their end is seen when the child ends
            os.close(descriptor)
        ended = os.pidfd_open(child)
        poller = select.poll()
        poller.register(ended, select.POLLIN)
        poller.register(0, 0)  # wakes for a hang-up alone
        if ended not in [descriptor for descriptor, _ in poller.poll()]:
            poller.unregister(0)
            if not poller.poll(GRACE_SECONDS * 1000):
                os.kill(child, SIGKILL)
        _, status = os.waitpid(child, 0)
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
        with contextlib.suppress(OSError):
            os.rmdir(folder)
    finally:
        os._exit(code)


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
