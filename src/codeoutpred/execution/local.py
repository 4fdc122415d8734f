"""`LocalExecutor`: runs programs on this machine, in warm servers.

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

from codeoutpred.errors import ExecutionError, InvalidValueError
from codeoutpred.execution.executor import DEFAULT_LIMITS, JobExecutor
from codeoutpred.execution.isolation import Isolation, find_isolation, known_level, refusal
from codeoutpred.execution.launch import Launcher
from codeoutpred.execution.outcomes import interpret
from codeoutpred.execution.pool import ServerPool
from codeoutpred.execution.server import Ticket
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.records import Execution, Job, Limits

JOBS_AHEAD = 128
"""Jobs per worker that `run_many` holds: those under way and those done out of turn."""


class LocalExecutor(JobExecutor):
    """An `Executor` over the processor cores of this machine.

    `workers` servers of a kind run at a time, by default one a core that this process may use.
    `hash_seed` fixes the order of sets and the seed of an unseeded `random`, and where it cannot
    be had the clock.

    Programs run under the best isolation that holds on this machine, or under `isolation`.
    Where that is below `allow_isolation`, programs that no generator of ours made are not run:
    they end as `infrastructure`, with a line that says what to allow and what it risks.
    """

    def __init__(
        self,
        languages: LanguageRegistry,
        *,
        workers: int | None = None,
        hash_seed: int = 0,
        grace_seconds: float = 5.0,
        isolation: str | None = None,
        allow_isolation: str = "filtered",
    ) -> None:
        if not sys.platform.startswith("linux"):
            raise ExecutionError(
                f"programs run on Linux only, not on {sys.platform}; use a container, or WSL 2"
            )
        if workers is not None and workers < 1:
            raise InvalidValueError(f"workers is {workers}; it must be at least 1")
        self._workers = workers or len(os.sched_getaffinity(0))
        self._allowed = known_level(allow_isolation)
        self._isolation = Isolation(known_level(isolation)) if isolation else find_isolation()
        self._launcher = Launcher(languages)
        self._pool = ServerPool(
            self._workers,
            hash_seed=hash_seed,
            grace_seconds=grace_seconds,
            level=self._isolation.level,
        )

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

    def _start(self, job: Job, limits: Limits) -> Ticket | Execution:
        refused = refusal(job.program, self._isolation, self._allowed)
        started = refused or self._launcher.start(job, limits)
        if isinstance(started, Ticket):
            self._pool.submit(started)
            self._pool.drain()
        return started

    def _finish(self, job: Job, started: Ticket | Execution, limits: Limits) -> Execution:
        if isinstance(started, Execution):
            return started
        self._pool.wait(started)
        return interpret(
            started.reply,
            limits,
            self._isolation.level,
            is_call=job.program.kind == "call",
            trace_steps=job.trace_steps,
        )
