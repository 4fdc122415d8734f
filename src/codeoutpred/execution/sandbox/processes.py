"""All that runs under a server: killed, reaped and weighed, whatever it does to get away."""

from __future__ import annotations

import contextlib
import os
import resource
import time
from _signal import SIGKILL  # type: ignore[import-not-found]

SWEEP_SECONDS = 5.0
STATUS_BYTES = 8192


class Processes:
    """What this process started, and what that started.

    To be made where `/proc` can still be read. `all_processes` is the descriptor of a `/proc` that
    shows those of our own namespace and no others; without it nothing can be weighed.
    """

    def __init__(self, all_processes: int | None = None) -> None:
        self._all = all_processes
        own = f"/proc/self/task/{os.getpid()}/"
        self._addresses = os.open(own + "statm", os.O_RDONLY)
        self._children = os.open(own + "children", os.O_RDONLY)
        self._own_anonymous = 0
        self.spared = 0
        """A child that is no program's and lives on; 0 once it is gone: it may be any time."""

    def own_addresses(self) -> int:
        """Bytes of addresses that this process has in use now: what each child starts with."""
        if self._all is not None:
            self._own_anonymous = self._weigh(os.getpid(), "status")[b"RssAnon"]
        return int(os.pread(self._addresses, 64, 0).split()[0]) * resource.getpagesize()

    def fill_more_than(self, limit: int) -> bool:
        """Whether all processes but this one fill more memory than `limit` bytes.

        What they have in common with this one does not count.
        """
        if self._all is None:
            return False
        alone, shared = 0, {}
        for name in os.listdir(self._all):
            if name.isdigit() and int(name) not in (os.getpid(), self.spared):
                with contextlib.suppress(OSError):  # it may have ended
                    found = self._weigh(int(name), "status")
                    alone += max(0, found.get(b"RssAnon", 0) - self._own_anonymous)
                    shared[int(name)] = found.get(b"RssShmem", 0)
        if alone + sum(shared.values()) <= limit:
            return False
        # What many share has been counted many times. The exact count is slow, and closed to us
        # unless they have become another program since we forked them.
        for pid in shared:
            with contextlib.suppress(OSError):
                shared[pid] = self._weigh(pid, "smaps_rollup").get(b"Pss_Shmem", shared[pid])
        return alone + sum(shared.values()) > limit

    def sweep(self) -> None:
        """Kill and reap all but the spared; orphans of orphans come to us in turn.

        The spared goes as well where a program left anything running, or has stopped it.
        """
        deadline = 0.0
        while True:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG | os.WUNTRACED)
            except ChildProcessError:
                self.spared = 0
                return
            if pid == 0 and self.spared and self._list() == [self.spared]:
                return
            if pid in (0, self.spared):
                self.spared = 0
                for child in [-1] if os.getpid() == 1 else self._list():  # -1: all in sight
                    kill(child)
                deadline = deadline or time.monotonic() + SWEEP_SECONDS
                if time.monotonic() > deadline:
                    raise SystemExit("processes of a program outlive SIGKILL")
                time.sleep(0.0005)

    def _list(self) -> list[int]:
        return list(map(int, os.pread(self._children, 1 << 16, 0).split()))

    def _weigh(self, pid: int, file: str) -> dict[bytes, int]:
        """The sizes in a file of a process, in bytes by name; none where it is ending."""
        descriptor = os.open(f"{pid}/{file}", os.O_RDONLY, dir_fd=self._all)
        try:
            lines = os.read(descriptor, STATUS_BYTES).splitlines()
        finally:
            os.close(descriptor)
        rows = [line.split() for line in lines if line.endswith(b" kB")]
        return {row[0].rstrip(b":"): int(row[1]) * 1024 for row in rows}


def kill(pid: int) -> None:
    """Kill a process, or with a negative number a group of processes, if there is one."""
    try:  # noqa: SIM105 - `suppress` is slower, and every job comes by here
        os.kill(pid, SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
