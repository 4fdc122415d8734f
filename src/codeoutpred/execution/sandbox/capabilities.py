"""The rights of root, given up one and all, for this process and whatever it runs."""

from __future__ import annotations

import contextlib
import struct

TYPE_CHECKING = False  # see `warmth`
if TYPE_CHECKING:
    from codeoutpred.execution.sandbox import kernel
else:
    import kernel

VERSION_3 = 0x20080522
LAST_CAPABILITY = 63
SECURE_BITS = 0xEF
"""No rights by being root, none kept over a change of user, none ambient; and all that for good."""


def bar_all() -> None:
    """Bar every capability from coming back, by a change of user or by a file that carries it."""
    for capability in range(LAST_CAPABILITY + 1):
        with contextlib.suppress(OSError):  # the kernel knows fewer
            kernel.control(kernel.PR_CAPBSET_DROP, capability)
    kernel.control(kernel.PR_SET_SECUREBITS, SECURE_BITS)


def drop_all() -> None:
    """Give up every capability that this process has."""
    kernel.call("capset", struct.pack("<Ii", VERSION_3, 0), struct.pack("<6I", *[0] * 6))


def forbid_new() -> None:
    """No program run from here on gets more rights than this process has."""
    kernel.control(kernel.PR_SET_NO_NEW_PRIVS, 1)
