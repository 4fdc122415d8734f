"""A root folder with libraries and toolchains to read, one folder to write, and nothing else."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable

TYPE_CHECKING = False  # see `warmth`
if TYPE_CHECKING:
    from codeoutpred.execution.sandbox import kernel
    from codeoutpred.execution.sandbox.folder import MAX_FILES
    from codeoutpred.execution.sandbox.namespaces import INNER_USER
else:
    import kernel
    from folder import MAX_FILES
    from namespaces import INNER_USER

DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
LINKS = {
    "/dev/fd": "/proc/self/fd",
    "/dev/stdin": "/proc/self/fd/0",
    "/dev/stdout": "/proc/self/fd/1",
    "/dev/stderr": "/proc/self/fd/2",
}
PROC_OPTIONS = (b"hidepid=2,subset=pid", b"hidepid=2")
"""A program sees its own processes alone; the second for kernels before 5.8."""

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_BIND, MS_REC, MS_PRIVATE = 1 << 12, 1 << 14, 1 << 18
MNT_DETACH = 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
ATTRIBUTES = struct.Struct("<QQQQ")


class Nameless:
    """Descriptors of folders that no path leads to: for the server, closed to its programs."""

    def __init__(self, outputs: int, processes: int) -> None:
        self.outputs = outputs
        """An empty folder in memory, without a bound of its own."""
        self.processes = processes
        """A `/proc` of the namespace, without the veil over what a program may not look at."""


def build(folder: str, sources: Iterable[str], room: int) -> Nameless:
    """Make the new root and go there.

    To be called by process 1 of new namespaces. `folder` is the one that may be written to, up
    to `room` bytes in all, under its own name; the file systems of the host are out of reach.
    """
    kernel.call("mount", None, b"/", None, MS_REC | MS_PRIVATE, None)
    _memory(folder, b"size=1m,mode=755")
    passing = os.path.join(folder, "passing")
    os.mkdir(passing)
    _memory(passing, b"mode=700,uid=%d,gid=%d" % (INNER_USER, INNER_USER))
    outputs = _detach(passing)
    _mount_proc(passing, None)
    processes = _detach(passing)
    os.rmdir(passing)
    for source in sources:
        _bind(source, folder, MS_RDONLY | MS_NOSUID | MS_NODEV)
    for device in DEVICES:
        _bind(device, folder, MS_RDONLY | MS_NOSUID | MS_NOEXEC)
    for name, target in LINKS.items():
        os.symlink(target, folder + name)
    os.mkdir(folder + "/proc")
    _mount_proc(folder + "/proc", *PROC_OPTIONS)
    os.makedirs(folder + folder, exist_ok=True)
    options = b"size=%d,nr_inodes=%d,mode=700,uid=%d,gid=%d"
    _memory(folder + folder, options % (room, MAX_FILES, INNER_USER, INNER_USER))
    _set_attributes(folder, MS_RDONLY | MS_NOSUID | MS_NODEV, 0)
    os.chdir(folder)
    kernel.call("pivot_root", b".", b".")
    kernel.call("umount2", b".", MNT_DETACH)
    os.chdir("/")
    return Nameless(outputs, processes)


def _detach(path: str) -> int:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    kernel.call("umount2", os.fsencode(path), MNT_DETACH)
    return descriptor


def _bind(source: str, root: str, attributes: int) -> None:
    target = root + source
    if os.path.lexists(target):
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.islink(source) and os.path.isdir(source):
        os.symlink(os.path.realpath(source), target)  # which is among the sources as well
        return
    if os.path.isdir(source):
        os.mkdir(target)
    else:
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    kernel.call("mount", os.fsencode(source), os.fsencode(target), None, MS_BIND | MS_REC, None)
    _set_attributes(target, attributes, AT_RECURSIVE)


def _set_attributes(path: str, attributes: int, flags: int) -> None:
    # The bits of mount_setattr for these four are those of mount.
    change = ATTRIBUTES.pack(attributes, 0, 0, 0)
    kernel.call("mount_setattr", AT_FDCWD, os.fsencode(path), flags, change, ATTRIBUTES.size)


def _memory(path: str, options: bytes) -> None:
    flags = MS_NOSUID | MS_NODEV
    kernel.call("mount", b"tmpfs", os.fsencode(path), b"tmpfs", flags, options)


def _mount_proc(path: str, *all_options: bytes | None) -> None:
    """Mount the process file system of our namespace, with the first options that it knows."""
    flags = MS_NOSUID | MS_NODEV | MS_NOEXEC
    for number, options in enumerate(all_options, 1):
        try:
            kernel.call("mount", b"proc", os.fsencode(path), b"proc", flags, options)
        except OSError:
            if number == len(all_options):
                raise
        else:
            return
