"""`LocalExecutor`: runs programs on this machine, in children of warm fork servers.

with LocalExecutor(load_plugins().languages) as executor:
    program = Program(id="p", language="python", source="print(6 * 7)")
    print(executor.run(program).stdout)
"""

from __future__ import annotations

import itertools
import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator

from typing_extensions import Self

from codeoutpred.errors import ExecutionError, InvalidValueError
from codeoutpred.execution.launch import Launcher
from codeoutpred.execution.outcomes import interpret
from codeoutpred.execution.pool import ServerPool
from codeoutpred.execution.server import Ticket
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.records import Execution, Job, Limits, Program

JOBS_AHEAD = 32
"""Jobs per worker that `run_many` holds: those under way and those done out of turn."""
DEFAULT_LIMITS = Limits()


class LocalExecutor:
    """An `Executor` over the processor cores of this machine.

    `workers` servers run at a time, by default one a core that this process may use. `hash_seed`
    fixes the order of sets and the seed of an unseeded `random`. Isolation is `limits`: programs
    are held to limits and cleaned up after, but may read files and use the network.
    """

    def __init__(
        self,
        languages: LanguageRegistry,
        *,
        workers: int | None = None,
        hash_seed: int = 0,
        grace_seconds: float = 5.0,
    ) -> None:
        if not sys.platform.startswith("linux"):
            raise ExecutionError(
                f"programs run on Linux only, not on {sys.platform}; use a container, or WSL 2"
            )
        if workers is not None and workers < 1:
            raise InvalidValueError(f"workers is {workers}; it must be at least 1")
        self._workers = workers or len(os.sched_getaffinity(0))
        self._launcher = Launcher(languages)
        self._pool = ServerPool(self._workers, hash_seed=hash_seed, grace_seconds=grace_seconds)

    def run(
        self, program: Program, arguments: str = "", *, limits: Limits = DEFAULT_LIMITS
    ) -> Execution:
        """Run one program once."""
        [execution] = self.run_many([Job(program=program, arguments=arguments)], limits=limits)
        return execution

    def run_many(
        self, jobs: Iterable[Job], *, limits: Limits = DEFAULT_LIMITS
    ) -> Iterator[Execution]:
        """Run jobs as they come, concurrently; the results keep the order of the jobs.

        Takes at most `JOBS_AHEAD` jobs a worker more than it has given results.
        """
        source = iter(jobs)
        ahead: deque[tuple[Job, Ticket | Execution]] = deque()
        try:
            while True:
                room = self._workers * JOBS_AHEAD - len(ahead)
                for job in itertools.islice(source, room):
                    ahead.append((job, self._start(job, limits)))
                if not ahead:
                    return
                yield self._finish(*ahead[0], limits)
                ahead.popleft()
        finally:
            self._pool.abandon(item for _, item in ahead if isinstance(item, Ticket))

    def close(self) -> None:
        """End all servers and what they run; the executor cannot be used afterwards."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self, job: Job, limits: Limits) -> Ticket | Execution:
        request = self._launcher.request(job, limits)
        if isinstance(request, Execution):
            return request
        ticket = Ticket(request, limits.wall_seconds)
        self._pool.submit(ticket)
        self._pool.drain()
        return ticket

    def _finish(self, job: Job, started: Ticket | Execution, limits: Limits) -> Execution:
        if isinstance(started, Execution):
            return started
        self._pool.wait(started)
        return interpret(started.reply, limits, is_call=job.program.kind == "call")
