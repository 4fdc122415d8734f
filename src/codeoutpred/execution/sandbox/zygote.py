"""The zygote: a copy of a server that does nothing but fork.

What a process writes to between two forks has to be copied, a page at a time. A server writes to
many pages from one program to the next; its zygote reads a number, forks, and writes to few. The
children are the server's own all the same (`CLONE_PARENT`): it waits for them and ends them. Server
and zygote have one table of descriptors, so that a child finds what the server opened for it.
"""

from __future__ import annotations

import marshal
import os
import select
from _signal import SIGCHLD, SIGKILL  # type: ignore[import-not-found]

TYPE_CHECKING = False  # see `warmth`
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    from codeoutpred.execution.sandbox import kernel
else:
    import kernel

CLONE_FILES, CLONE_PARENT = 0x400, 0x8000
PATIENCE_SECONDS = 5.0
"""A program can stop or end a zygote; one that gives no child for so long is given up."""


class Zygote:
    """A process to fork children from, with their jobs in the file `jobs`, used by nobody else."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._wakes, self._wake = os.pipe()
        self._born, self._bears = os.pipe()
        self._poller = select.poll()
        self._poller.register(self._born, select.POLLIN)
        self.pid = self._ended = -1

    def start(self, prepare: Callable[[], None], become: Callable[[Any], NoReturn]) -> None:
        """Start it: `prepare` is called in it once, and `become` in each of its children.

        A method, since a call of a class counts as one more level to interpreters up to 3.11.
        """
        self.pid = kernel.clone(CLONE_FILES | SIGCHLD)
        if self.pid == 0:
            try:
                kernel.control(kernel.PR_SET_PDEATHSIG, SIGKILL)
                self._serve(prepare, become)
            finally:
                os._exit(1)
        self._ended = os.pidfd_open(self.pid)
        self._poller.register(self._ended, select.POLLIN)

    def fork(self, job: Any) -> int:
        """The process id of a new child, which becomes `job`; 0 where there is none to be had.

        A job is whatever `marshal` writes.
        """
        data = marshal.dumps(job)
        os.pwrite(self._jobs, data, 0)
        os.write(self._wake, len(data).to_bytes(8, "little"))
        woken = self._poller.poll(PATIENCE_SECONDS * 1000)
        if (self._born, select.POLLIN) not in woken:
            return 0
        return int.from_bytes(os.read(self._born, 4), "little")

    def close(self) -> None:
        """Give back its descriptors; to be called when it is dead."""
        for descriptor in (self._wakes, self._wake, self._born, self._bears, self._ended):
            os.close(descriptor)

    def _serve(self, prepare: Callable[[], None], become: Callable[[Any], NoReturn]) -> NoReturn:
        prepare()
        wakes, bears, jobs = self._wakes, self._bears, self._jobs
        while True:
            size = os.read(wakes, 8)
            if kernel.clone(CLONE_PARENT | SIGCHLD) == 0:
                os.write(bears, os.getpid().to_bytes(4, "little"))
                job = os.pread(jobs, int.from_bytes(size, "little"), 0)
                become(marshal.loads(job))  # noqa: S302 - the server wrote it
