"""`JobExecutor`: what all executors here share: one run is many runs of one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator

from typing_extensions import Self

from codeoutpred.records import Execution, Job, Limits, Program

DEFAULT_LIMITS = Limits()


class JobExecutor(ABC):
    """An `Executor` by its `run_many`, to be closed after use, as by a `with` statement."""

    def run(
        self, program: Program, arguments: str = "", *, limits: Limits = DEFAULT_LIMITS
    ) -> Execution:
        """Run one program once."""
        [execution] = self.run_many([Job(program=program, arguments=arguments)], limits=limits)
        return execution

    @abstractmethod
    def run_many(
        self, jobs: Iterable[Job], *, limits: Limits = DEFAULT_LIMITS
    ) -> Iterator[Execution]:
        """Run jobs as they come, concurrently; the results keep the order of the jobs."""

    @abstractmethod
    def close(self) -> None:
        """End what runs; the executor cannot be used afterwards."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
