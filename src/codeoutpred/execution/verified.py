"""`VerifiedExecutor`: every job runs twice, in two worlds, and must come out the same.

The second executor has another hash seed, other addresses and another state of `random`, so the
order of sets, `id()`, default representations, `hash(text)`, unseeded `random`, process ids and
times come out different. A second run in the same server would catch few of these.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator

from codeoutpred.execution.backends import ClientExecutor
from codeoutpred.execution.executor import DEFAULT_LIMITS, JobExecutor
from codeoutpred.execution.local import LocalExecutor
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.records import Execution, Job, Limits

INCONCLUSIVE = ("infrastructure", "toolchain_missing", "timeout", "memory", "output_limit")
"""Statuses that are reported as they are, the first of these that either run has: a program that
ran out of something once is not called nondeterministic for it."""
MAX_SHOWN = 60


class VerifiedExecutor(JobExecutor):
    """An `Executor` that marks jobs `nondeterministic` where two executors disagree.

    Both should have equal `workers` and different hash seeds; `close` closes both. Returned
    values that differ as texts only, such as sets, are the same value: it is then given in the
    language's canonical form.
    """

    def __init__(
        self,
        first: LocalExecutor | ClientExecutor,
        second: LocalExecutor | ClientExecutor,
        languages: LanguageRegistry,
    ) -> None:
        self._first = first
        self._second = second
        self._languages = languages

    def run_many(
        self, jobs: Iterable[Job], *, limits: Limits = DEFAULT_LIMITS
    ) -> Iterator[Execution]:
        """Run jobs as they come, concurrently; the results keep the order of the jobs."""
        kept, for_first, for_second = itertools.tee(jobs, 3)
        first = self._first.run_many(for_first, limits=limits)
        second = self._second.run_many(for_second, limits=limits)
        # The jobs last: they are then never taken from the source before the executors take them.
        for one, other, job in zip(first, second, kept, strict=True):
            yield self._agree(one, other, job.program.language)

    def close(self) -> None:
        """Close both executors."""
        try:
            self._first.close()
        finally:
            self._second.close()

    def _agree(self, one: Execution, other: Execution, language: str) -> Execution:
        for status in INCONCLUSIVE:
            for execution in (one, other):
                if execution.status == status:
                    return execution
        for field in ("status", "stdout", "error", "value"):
            here, there = getattr(one, field), getattr(other, field)
            if here == there:
                continue
            if field == "value":
                canonical = self._same_value(here, there, language)
                if canonical:
                    return dataclasses.replace(one, value=canonical)
            return dataclasses.replace(
                one,
                status="nondeterministic",
                value="",
                error="",
                detail=f"{field} differed: {_shown(here, there)}",
            )
        return one

    def _same_value(self, here: str, there: str, name: str) -> str:
        """The canonical text of two texts of one value; empty where they are not."""
        language = self._languages.get(name)
        try:
            value = language.parse_literal(here)
            if language.values_equal(value, language.parse_literal(there)):
                return language.render_literal(value)
        except ValueError:
            pass
        return ""


def _shown(here: str, there: str) -> str:
    """Both texts from shortly before the first difference, cut to a readable length."""
    same = next(
        (i for i, (a, b) in enumerate(zip(here, there, strict=False)) if a != b),
        min(len(here), len(there)),
    )
    start = max(0, same - MAX_SHOWN // 3)
    return " / ".join(repr(text[start : start + MAX_SHOWN]) for text in (here, there))
