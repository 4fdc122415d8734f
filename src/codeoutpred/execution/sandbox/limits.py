"""The kernel's limits on one child, worked out once for each set of limits asked for."""

from __future__ import annotations

import resource
from functools import lru_cache

MAX_DESCRIPTORS = 256
MEMORY_SLACK = 32 * 1024**2
"""Bytes of address space by which a child may exceed its limit, to report that it did."""


def record_bytes(output: int) -> int:
    """Room for a record: a value is bounded in characters, of up to four bytes each."""
    return 4 * output + 4096


@lru_cache(maxsize=64)
def kernel_limits(
    cpu: float,
    memory: int,
    output: int,
    file: int,
    tasks: int | None,
    *,
    reserving: bool = False,
) -> list[tuple[int, tuple[int, int]]]:
    """Arguments of `resource.setrlimit`, never above what this process may have itself.

    `memory` is that of the whole child and `tasks` those of its user, None for no limit. Where
    the child is `reserving` addresses that it never uses, the memory that it may write to counts.
    """
    # For all that the server's own watch misses; it counts ticks, and on a busy machine too many.
    seconds = 2 * int(cpu + 1) + 1
    largest = max(file, record_bytes(output))
    asked = [
        (resource.RLIMIT_CPU, (seconds, seconds + 1)),
        (
            resource.RLIMIT_DATA if reserving else resource.RLIMIT_AS,
            (memory, memory + MEMORY_SLACK),
        ),
        (resource.RLIMIT_FSIZE, (largest, largest)),
        (resource.RLIMIT_NOFILE, (MAX_DESCRIPTORS, MAX_DESCRIPTORS)),
        (resource.RLIMIT_CORE, (0, 0)),
    ]
    if tasks is not None:
        asked.append((resource.RLIMIT_NPROC, (tasks, tasks)))
    return [(which, _at_most(which, *pair)) for which, pair in asked]


def _at_most(which: int, soft: int, hard: int) -> tuple[int, int]:
    ceiling = resource.getrlimit(which)[1]
    if ceiling == resource.RLIM_INFINITY:
        return soft, hard
    return min(soft, ceiling), min(hard, ceiling)
