"""Jobs that share a child: the inputs of one program, or programs that we wrote ourselves.

Making a child takes longer than most programs. What shares one has a `__main__` of its own, and the
rest of the interpreter in common: whatever does not come out as it should runs again, alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, get_args

from codeoutpred.errors import InvalidValueError
from codeoutpred.execution.isolation import TRUSTED_GENERATORS
from codeoutpred.execution.sandbox import frames
from codeoutpred.execution.server import Reply, Ticket
from codeoutpred.records import Execution, Job

Mode = Literal["solo", "inputs", "grouped"]
"""`solo`: a child for every job. `inputs`: one for the consecutive calls of a program. `grouped`:
for those, and for consecutive programs of our own generators."""
MODES: tuple[Mode, ...] = get_args(Mode)
MOST = 100
"""Jobs in one child."""
CHECKED = 16
"""Of the groups of inputs, one in so many is checked: an input, first the last one, then another
each time, runs once more, alone."""

Started = Ticket | Execution
Outcome = Reply | Started


def known_mode(name: str) -> Mode:
    """The mode of that name; `InvalidValueError` where there is none."""
    for mode in MODES:
        if mode == name:
            return mode
    raise InvalidValueError(f"mode {name!r} is none of {', '.join(MODES)}")


def groups(jobs: Iterable[Job], mode: Mode) -> Iterator[list[Job]]:
    """The jobs in their order, in groups that may share a child; most are alone in theirs."""
    group: list[Job] = []
    for job in jobs:
        if group and (len(group) == MOST or not _may_share(group[-1], job, mode)):
            yield group
            group = []
        group.append(job)
    if group:
        yield group


def _may_share(one: Job, other: Job, mode: Mode) -> bool:
    if mode == "solo" or one.stdin or other.stdin or one.trace_steps or other.trace_steps:
        return False
    if one.program.language != other.program.language:
        return False
    if one.program is other.program or one.program == other.program:
        return one.program.kind == "call"
    return mode == "grouped" and _is_trusted(one) and _is_trusted(other)


def _is_trusted(job: Job) -> bool:
    return job.program.generator in TRUSTED_GENERATORS


class Group:
    """Jobs under way in one child; `ticket` is theirs, `check` that of number `checked`, alone."""

    def __init__(self, jobs: list[Job], ticket: Ticket, check: Ticket | None, checked: int) -> None:
        self.jobs = jobs
        self.ticket = ticket
        self.check = check
        self.checked = checked
        self._outcomes: list[Outcome] = []

    def tickets(self) -> list[Ticket]:
        """All that is under way for the group."""
        found = [self.ticket, self.check, *self._outcomes]
        return [item for item in found if isinstance(item, Ticket)]

    def outcomes(
        self,
        wait: Callable[[Ticket], None],
        start: Callable[[Job], Started],
        same: Callable[[Reply | None, Reply], bool],
    ) -> list[Outcome]:
        """An outcome a job: its reply, or what `start` made of it where it has to run alone.

        `same` tells whether two replies mean the same.
        """
        if not self._outcomes:
            wait(self.ticket)
            parts = list(_parts(self.ticket.reply, len(self.jobs)))
            if self.check is not None and len(parts) == len(self.jobs):
                wait(self.check)
                if not same(self.check.reply, parts[self.checked]):
                    parts = []
            self._outcomes += parts
            self._outcomes += [start(job) for job in self.jobs[len(parts) :]]
        return self._outcomes


def _parts(reply: Reply | None, count: int) -> Iterator[Reply]:
    """The replies of the jobs that were settled, first come; none where the child was ended."""
    if reply is None or reply.timed_out or reply.wait_status != 0:
        return
    results = list(frames.unpack_results(reply.record))
    if len(results) == count and len(reply.stdout) > results[-1][0]:
        return  # something was printed at the end, by nobody knows which of them
    start = 0
    for end, record in results:
        if not start <= end <= len(reply.stdout):
            return
        yield Reply(0, False, reply.cpu_seconds / count, reply.stdout[start:end], record)
        start = end


class Place:
    """The place of a job in its group."""

    __slots__ = ("group", "number")

    def __init__(self, group: Group, number: int) -> None:
        self.group = group
        self.number = number
