"""Containment: entered once by a process, and held by it and by all that it starts, for good.

`full`: new namespaces of users, processes, mounts, network, IPC and host name; a root folder with
nothing but what is named, read-only; no capabilities, landlock where the kernel has it, a filter of
system calls. `filtered`: landlock and filters, no namespaces. `limits` and `none`: nothing but a
user of its own where this process is root's.

Inside there are no sockets but socket pairs, no memfds, no /tmp, no /dev/shm, no home. `contain.py`
starts any program there.
"""

from __future__ import annotations

from collections.abc import Iterable

TYPE_CHECKING = False  # see `warmth`
if TYPE_CHECKING:
    from codeoutpred.execution.sandbox import (
        capabilities,
        identity,
        kernel,
        landlock,
        libraries,
        namespaces,
        root,
        seccomp,
    )
    from codeoutpred.execution.sandbox.folder import ROOM
    from codeoutpred.execution.sandbox.levels import Level
else:
    import capabilities
    import identity
    import kernel
    import landlock
    import libraries
    import namespaces
    import root
    import seccomp
    from folder import ROOM
    from levels import Level


class Inside:
    """What a process finds under `full`; see `root.Nameless` for the first two."""

    def __init__(self, outputs: int, processes: int, tasks: int) -> None:
        self.outputs = outputs
        self.processes = processes
        self.tasks = tasks
        """Tasks that the kernel counts as those of this user."""


def enter(
    level: Level,
    folder: str,
    *,
    read: Iterable[str] = (),
    room: int = ROOM,
    processes: bool = True,
) -> Inside | None:
    """Contain this process; raises OSError where that cannot be had here.

    Under `full`, returns in a child of the caller, which never returns itself. Without
    `processes`, none may be started from here on.
    """
    if level == "full":
        return _enter_full(folder, read, room, processes)
    identity.leave_root(folder)
    if level == "filtered":
        if landlock.version() == 0:
            raise OSError("landlock is not to be had here")
        capabilities.forbid_new()
        readable = [*libraries.readable(read), "/dev/urandom"]
        landlock.restrict(readable, ["/dev/null", "/dev/zero", folder])
        seccomp.install(seccomp.server_rules(anonymous_files=True, processes=processes))
    return None


def narrow(level: Level, *, owns_files: bool, processes: bool) -> None:
    """In the process of one program: forbid what namespaces would have kept from it.

    Nothing is left to forbid under `full`, and nothing can be below `filtered`. `owns_files` says
    that its user owns files beside those of the working folder.
    """
    if level == "filtered":
        landlock.forbid_signals_outside()
        seccomp.install(seccomp.program_rules(owns_files=owns_files, processes=processes))


def _enter_full(folder: str, read: Iterable[str], room: int, processes: bool) -> Inside:
    sources = libraries.readable(read)
    tasks = namespaces.enter(folder)
    namespaces.scatter_pids()
    nameless = root.build(folder, sources, room)
    capabilities.bar_all()
    namespaces.leave_inner_root()
    capabilities.drop_all()
    capabilities.forbid_new()
    if landlock.version():
        writable: list[int | str] = [
            "/dev/null",
            "/dev/zero",
            "/dev/full",
            folder,
            nameless.outputs,
        ]
        landlock.restrict(["/", nameless.processes], writable)
    kernel.control(kernel.PR_SET_DUMPABLE, 0)
    namespaces.die_with_the_guard()
    rules = seccomp.server_rules(anonymous_files=False, processes=processes)
    seccomp.install(rules)
    return Inside(nameless.outputs, nameless.processes, tasks)
