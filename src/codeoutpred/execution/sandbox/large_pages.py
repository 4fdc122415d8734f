"""The interpreter's code and constants in large pages: a fork copies one entry for each.

Of what is mapped from a file, each child would fault in all that it touches again, piece by piece.
So what a file fills of large pages moves to memory of our own, to the same addresses. Where the
kernel gives no large pages, all stays as it is.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

TYPE_CHECKING = False  # see `warmth`
if TYPE_CHECKING:
    from codeoutpred.execution.sandbox import kernel
else:
    import kernel

MACHINES = ("x86_64",)
"""Where this was tried: others keep code and data in caches apart."""
LARGE = 2 << 20
PROT_READ, PROT_WRITE, PROT_EXEC = 1, 2, 4
MAP_PRIVATE, MAP_ANONYMOUS = 0x2, 0x20
MADV_HUGEPAGE = 14
MREMAP_MAYMOVE, MREMAP_FIXED = 1, 2

_libc = ctypes.CDLL(None, use_errno=True)
_mmap = _libc.mmap
_mmap.restype = ctypes.c_void_p
_mmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long)


def enlarge() -> None:
    """Move what can be moved. To be called once, before any thread is started."""
    if kernel.MACHINE not in MACHINES:
        return
    for start, end in list(_read_only()):
        first, last = -(-start // LARGE) * LARGE, end // LARGE * LARGE
        if first < last:
            _move(first, last - first)


def _read_only() -> Iterator[tuple[int, int]]:
    """Where each file that is mapped begins and ends, without what is written to."""
    start = end = 0
    file = ""
    with open("/proc/self/maps") as maps:
        for line in maps:
            addresses, modes, _, _, inode, *_ = line.split()
            first, last = (int(address, 16) for address in addresses.split("-"))
            if (first, inode) != (end, file) or modes[:2] != "r-":
                if file:
                    yield start, end
                start, file = first, inode if inode != "0" and modes[:2] == "r-" else ""
            end = last


def _move(start: int, size: int) -> None:
    place = _mmap(None, size + LARGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    if place in (None, ctypes.c_void_p(-1).value):
        return
    copy = -(-place // LARGE) * LARGE
    for unused, length in ((place, copy - place), (copy + size, place + LARGE - copy)):
        if length:
            kernel.call("munmap", unused, length)
    try:
        kernel.call("madvise", copy, size, MADV_HUGEPAGE)
        ctypes.memmove(copy, start, size)
        if _large_bytes(copy) == size:
            kernel.call("mprotect", copy, size, PROT_READ | PROT_EXEC)
            kernel.call("mremap", copy, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, start)
            return
    except OSError:  # a hardened kernel lets nothing that was written to be run
        pass
    kernel.call("munmap", copy, size)


def _large_bytes(start: int) -> int:
    """How much of the mapping that begins there is in large pages."""
    mark = f"{start:x}-"
    with open("/proc/self/smaps") as maps:
        inside = False
        for line in maps:
            if "-" in line.split(" ", 1)[0]:
                inside = line.startswith(mark)
            elif inside and line.startswith("AnonHugePages:"):
                return int(line.split()[1]) * 1024
    return 0
