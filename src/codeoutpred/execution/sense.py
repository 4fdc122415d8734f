"""Limits that make sense on this machine: none above what it has, and all of the right kind."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from codeoutpred.errors import InvalidValueError
from codeoutpred.records import Limits

MOST_SECONDS = 366 * 86_400.0
"""A year: what is longer is a slip, and overflows the kernel's counters in the end."""
IN_MEMORY = ("memory_bytes", "output_bytes", "file_bytes")
"""Output and files lie in memory as well."""


@lru_cache(maxsize=64)
def check(limits: Limits) -> None:
    """Return where `limits` can be held to; `InvalidValueError` names the one that cannot."""
    for name in (*IN_MEMORY, "processes"):
        value = getattr(limits, name)
        if not isinstance(value, int):
            raise InvalidValueError(f"limit {name} is {value!r}; it must be a whole number")
        most = _most_processes() if name == "processes" else _memory()
        if value > most:
            raise InvalidValueError(
                f"limit {name} is {value}, and this machine has {most}; give less"
            )
    for name in ("cpu_seconds", "wall_seconds"):
        if not getattr(limits, name) <= MOST_SECONDS:
            raise InvalidValueError(
                f"limit {name} is {getattr(limits, name)}; it must be at most {MOST_SECONDS:.0f}"
            )


def _memory() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _most_processes() -> int:
    return int(Path("/proc/sys/kernel/pid_max").read_text())
