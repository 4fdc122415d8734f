"""`LocalExecutor`: runs programs on this machine, in warm servers.

with LocalExecutor(load_plugins().languages) as executor:
    program = Program(id="p", language="python", source="print(6 * 7)")
    print(executor.run(program).stdout)
"""

from __future__ import annotations

import dataclasses
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
from codeoutpred.execution.server import Reply, Ticket
from codeoutpred.execution.sharing import CHECKED, MOST, Group, Place, Started, groups, known_mode
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.records import Execution, Job, Limits

JOBS_AHEAD = 256
"""Jobs per worker that `run_many` holds: those under way and those done out of turn."""

SUBMITTED_UNSEEN = 4
"""Jobs submitted between two looks at what is done: fewer than servers have under way."""


class LocalExecutor(JobExecutor):
    """An `Executor` over the processor cores of this machine.

    `workers` servers of a kind run at a time, by default one a core that this process may use.
    `hash_seed` fixes the order of sets and the seed of an unseeded `random`, and where it cannot
    be had the clock.

    Programs run under the best isolation that holds on this machine, or under `isolation`.
    Where that is below `allow_isolation`, programs that no generator of ours made are not run:
    they end as `infrastructure`, with a line that says what to allow and what it risks.

    By `mode`, every job has a child of its own (`solo`), the consecutive calls of one program share
    one (`inputs`), or consecutive programs of our own generators do as well (`grouped`). What goes
    wrong in company runs again alone.
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
        mode: str = "solo",
    ) -> None:
        if not sys.platform.startswith("linux"):
            raise ExecutionError(
                f"programs run on Linux only, not on {sys.platform}; use a container, or WSL 2"
            )
        if workers is not None and workers < 1:
            raise InvalidValueError(f"workers is {workers}; it must be at least 1")
        self._workers = workers or len(os.sched_getaffinity(0))
        self._mode = known_mode(mode)
        self._groups = self._submitted = 0
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
        ahead: deque[tuple[Job, Started | Place]] = deque()
        most = self._workers * JOBS_AHEAD
        try:
            while True:
                if not ahead or len(ahead) <= most - (1 if self._mode == "solo" else MOST):
                    for group in groups(itertools.islice(source, most - len(ahead)), self._mode):
                        ahead += zip(group, self._start_all(group, limits), strict=True)
                if not ahead:
                    return
                yield self._finish(*ahead[0], limits)
                ahead.popleft()
        finally:
            self._pool.abandon(ticket for _, item in ahead for ticket in _tickets(item))

    def close(self) -> None:
        """End all servers and what they run; the executor cannot be used afterwards."""
        self._pool.close()

    def _start_all(self, jobs: list[Job], limits: Limits) -> list[Started] | list[Place]:
        group = self._group(jobs, limits) if len(jobs) > 1 else None
        if group is None:
            return [self._start(job, limits) for job in jobs]
        return [Place(group, number) for number in range(len(jobs))]

    def _group(self, jobs: list[Job], limits: Limits) -> Group | None:
        """The jobs under way in one child; None where they cannot be."""
        if any(refusal(job.program, self._isolation, self._allowed) for job in jobs):
            return None
        ticket = self._launcher.start_group(jobs, limits)
        if ticket is None:
            return None
        self._submit(ticket)
        check, checked = None, len(jobs) - 1
        if jobs[0].program == jobs[-1].program:
            checked -= self._groups // CHECKED % len(jobs)
            self._groups += 1
            if self._groups % CHECKED == 1:
                check = self._start(jobs[checked], limits)
        return Group(jobs, ticket, check if isinstance(check, Ticket) else None, checked)

    def _start(self, job: Job, limits: Limits) -> Started:
        refused = refusal(job.program, self._isolation, self._allowed)
        started = refused or self._launcher.start(job, limits)
        if isinstance(started, Ticket):
            self._submit(started)
        return started

    def _submit(self, ticket: Ticket) -> None:
        self._pool.submit(ticket)
        self._submitted += 1
        if self._submitted % SUBMITTED_UNSEEN == 0:
            self._pool.drain()

    def _finish(self, job: Job, item: Started | Place, limits: Limits) -> Execution:
        outcome = self._outcome(item, limits) if isinstance(item, Place) else item
        if isinstance(outcome, Execution):
            return outcome
        if isinstance(outcome, Ticket):
            self._pool.wait(outcome)
            return self._interpret(job, outcome.reply, limits)
        return self._interpret(job, outcome, limits)

    def _outcome(self, place: Place, limits: Limits) -> Started | Reply:
        def same(one: Reply | None, other: Reply | None) -> bool:
            job = place.group.jobs[place.group.checked]
            both = [self._interpret(job, reply, limits) for reply in (one, other)]
            here, there = (dataclasses.replace(found, cpu_seconds=0) for found in both)
            return here == there

        return place.group.outcomes(
            wait=self._pool.wait, start=lambda job: self._start(job, limits), same=same
        )[place.number]

    def _interpret(self, job: Job, reply: Reply | None, limits: Limits) -> Execution:
        return interpret(
            reply,
            limits,
            self._isolation.level,
            is_call=job.program.kind == "call",
            trace_steps=job.trace_steps,
        )


def _tickets(item: Started | Place) -> list[Ticket]:
    if isinstance(item, Place):
        return item.group.tickets()
    return [item] if isinstance(item, Ticket) else []
