"""The interpreter's own code and constants, mapped once for all children.

A fork copies the page tables of memory that was written to, and leaves out what was only read from
a file: each child would fault the interpreter's code in again, page by page. One byte written over
itself makes the kernel copy these tables, too (see `vma_needs_copy` in its mm/memory.c).
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

TYPE_CHECKING = False  # see `warmth`
if TYPE_CHECKING:
    from codeoutpred.execution.sandbox import kernel
else:
    import kernel

PROTECTIONS = {"r": 1, "w": 2, "x": 4}
"""Of `mprotect`, by the letters of `/proc/self/maps`."""


def keep_over_forks() -> None:
    """Let children start with these mappings; no harm where the kernel does not allow it."""
    for start, end, protection in list(_read_only()):
        try:
            kernel.call("mprotect", start, end - start, protection | PROTECTIONS["w"])
        except OSError:  # a hardened kernel keeps code from being written to
            continue
        byte = ctypes.c_ubyte.from_address(start)
        byte.value = byte.value  # the write is what counts
        kernel.call("mprotect", start, end - start, protection)


def _read_only() -> Iterator[tuple[int, int, int]]:
    """Start, end and protection of all mapped files that are not written to."""
    with open("/proc/self/maps") as maps:
        for line in maps:
            addresses, modes, _, _, inode, *_ = line.split()
            if inode != "0" and modes[0] == "r" and modes[1] != "w":
                start, end = (int(address, 16) for address in addresses.split("-"))
                yield start, end, sum(PROTECTIONS.get(mode, 0) for mode in modes)
