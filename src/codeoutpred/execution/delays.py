"""How long the tasks under a server waited for a processor: what tells the starved from the slow.

A program that the clock on the wall stopped may have been asleep, which is its own doing, or ready
to run while others had the processors, which is not. The kernel counts the second for each task,
in `/proc/PID/schedstat`; a wait that is not over yet is not in it.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

TOLERATED_SHARE = 0.1
"""Of the time looked at; who lost no more would hardly have ended in time with all of it."""
LEAST_SEEN = 0.5
"""The share of the time that must have been looked at to tell."""


class Delays:
    """The waits of everything that runs under one process, since the last `forget`."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.forget()

    def forget(self) -> None:
        """Start anew: another program runs."""
        self._before: dict[int, int] = {}
        """Of tasks that may be older than the program, as warm processes are."""
        self._first = self._last = 0.0
        self._longest = 0

    def look(self) -> None:
        """See what each task has waited by now. Cheap, but not for every program."""
        waits = _waits_under(self._pid)
        if not waits:
            return  # `/proc` is closed to us
        self._last = time.monotonic()
        if not self._first:
            self._first, self._before = self._last, waits
        waited = max(wait - self._before.get(task, 0) for task, wait in waits.items())
        self._longest = max(self._longest, waited)

    def may_have_starved(self, seconds: float) -> bool:
        """Whether, of that time, some task lost much, or too little was seen to say so."""
        seen = self._last - self._first
        return seen < LEAST_SEEN * seconds or self._longest > TOLERATED_SHARE * seen * 1e9


def _waits_under(pid: int) -> dict[int, int]:
    """Nanoseconds waited, by task, of a process and all that it and its children started."""
    waits: dict[int, int] = {}
    processes = [pid]
    while processes:
        with contextlib.suppress(OSError):  # it has ended
            for task in Path(f"/proc/{processes.pop()}/task").iterdir():
                waits[int(task.name)] = int((task / "schedstat").read_bytes().split()[1])
                processes += map(int, (task / "children").read_bytes().split())
    return waits
