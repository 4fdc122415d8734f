"""Containment: entered once by a process, and held by it and by all that it starts, for good.

The Python fork server calls `enter`. Any other program starts inside like this:

    python -s -S -B sandbox/containment.py --level full --folder DIR [options] -- COMMAND [WORD ...]

`--folder` is an empty folder that exists; its path is the only one that may be written to inside.
`--read PATH` (any number of times) names files or folders that may be read and run beside the
system's libraries, this Python and COMMAND itself: toolchains, scripts. `--room BYTES` bounds what
the folder holds under `full`. `--processes N` bounds processes and threads, COMMAND's first one
included; `--threads-alone` forbids processes. `--data BYTES` sets RLIMIT_DATA. Environment, working
directory (where it exists inside, else `/`) and descriptors 0, 1 and 2 are passed on.

`full`: new namespaces of users, processes, mounts, network, IPC and host name; a root folder with
nothing but what is named above, read-only; no capabilities, landlock where the kernel has it, a
filter of system calls. COMMAND is process 1 inside: when it ends or is killed, everything inside
ends. The process that was started stays outside: killing that kills COMMAND, the end of its
standard input kills COMMAND 5 seconds later, and its exit status is COMMAND's (128 + N for a signal
N). `filtered`: landlock and filters, no namespaces. `limits` and `none`: nothing but a user of
its own where this process is root's. What cannot be entered is an exit status of 1 and one line on
standard error.

Inside there are no sockets but socket pairs, no memfds, no /tmp, no /dev/shm, no home.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

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
    from codeoutpred.execution.sandbox.levels import LEVELS, Level
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
    from levels import LEVELS, Level


class Inside(NamedTuple):
    """What a process finds under `full`; see `root.Nameless` for the first two."""

    outputs: int
    processes: int
    tasks: int
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


def main(words: Sequence[str]) -> None:
    options = _parser().parse_args(words)
    command = shutil.which(options.command[0])
    if command is None:
        raise FileNotFoundError(f"{options.command[0]} is not on the search path")
    before, user = os.getcwd(), os.getuid()
    inside = enter(
        options.level,
        options.folder,
        read=[*options.read, command],
        room=options.room,
        processes=not options.threads_alone,
    )
    os.chdir(before if os.path.isdir(before) else "/")
    if options.processes:
        tasks = options.processes + (inside.tasks - 1 if inside else 0)
        resource.setrlimit(resource.RLIMIT_NPROC, (tasks, tasks))
    if options.data:
        resource.setrlimit(resource.RLIMIT_DATA, (options.data,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    narrow(options.level, owns_files=os.getuid() == user, processes=not options.threads_alone)
    os.execv(command, options.command)  # noqa: S606


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="containment.py", allow_abbrev=False)
    parser.add_argument("--level", choices=LEVELS, required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--read", action="append", default=[])
    parser.add_argument("--room", type=int, default=ROOM)
    parser.add_argument("--processes", type=int)
    parser.add_argument("--threads-alone", action="store_true")
    parser.add_argument("--data", type=int)
    parser.add_argument("command", nargs="+")
    return parser


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError as error:
        sys.exit(f"cannot be contained: {error}")
