"""Landlock: which files this process and all that it runs may open, whatever their owner says."""

from __future__ import annotations

import contextlib
import os
import stat
import struct
from collections.abc import Iterable

TYPE_CHECKING = False  # see `warmth`
if TYPE_CHECKING:
    from codeoutpred.execution.sandbox import kernel
else:
    import kernel

VERSION_FLAG, RULE_PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
READ_AND_RUN = EXECUTE | READ_FILE | READ_DIR
FIRST_VERSION = (1 << 13) - 1
"""The accesses known to the first version; later ones added those above, in this order."""
NETWORK = 0b11
SCOPES = 0b11
"""Abstract sockets, and signals, to processes outside."""


def version() -> int:
    """The version of landlock that runs here; 0 for none."""
    with contextlib.suppress(OSError):
        return kernel.call("landlock_create_ruleset", None, 0, VERSION_FLAG)
    return 0


def restrict(readable: Iterable[int | str], writable: Iterable[int | str]) -> None:
    """Allow `readable` to be read and run, `writable` all that can be done, and nothing else.

    Paths, or descriptors of folders. No more connections by TCP, and no signals to processes
    that are not restricted likewise, where the kernel knows how. Raises OSError without landlock.
    """
    abi = version()
    everything = FIRST_VERSION
    for since, access in ((2, REFER), (3, TRUNCATE), (5, IOCTL_DEV)):
        everything |= access if abi >= since else 0
    rules = _ruleset(everything, NETWORK if abi >= 4 else 0, SCOPES if abi >= 6 else 0)
    try:
        for path in readable:
            _allow(rules, path, READ_AND_RUN)
        for place in writable:
            _allow(rules, place, everything)
        kernel.call("landlock_restrict_self", rules, 0)
    finally:
        os.close(rules)


def forbid_signals_outside() -> None:
    """Let this process and all that it starts signal each other alone, where the kernel can."""
    if version() >= 6:
        # Every set of rules forbids to move files between folders, unless it says otherwise.
        rules = _ruleset(REFER, 0, SCOPES)
        try:
            _allow(rules, "/", REFER)
            kernel.call("landlock_restrict_self", rules, 0)
        finally:
            os.close(rules)


def _ruleset(files: int, network: int, scopes: int) -> int:
    abi = version()
    attributes = struct.pack("<QQQ", files, network, scopes)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    return kernel.call("landlock_create_ruleset", attributes[:size], size, 0)


def _allow(rules: int, place: int | str, access: int) -> None:
    descriptor = place if isinstance(place, int) else os.open(place, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            access &= OF_FILES
        rule = struct.pack("<Qi", access, descriptor)
        kernel.call("landlock_add_rule", rules, RULE_PATH_BENEATH, rule, 0)
    finally:
        if not isinstance(place, int):
            os.close(descriptor)
