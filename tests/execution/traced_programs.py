"""Python programs run with a trace, and its steps."""

from __future__ import annotations

from typing import Any

from codeoutpred.execution import LocalExecutor
from codeoutpred.records import Execution, Job, Program


def traced(executor: LocalExecutor, program: Program, steps: int = 1000, **rest: Any) -> Execution:
    [done] = executor.run_many([Job(program=program, trace_steps=steps)], **rest)
    return done


def steps_of(done: Execution) -> list[tuple[int, dict[str, str]]]:
    return [(step.line, dict(step.changed)) for step in done.trace]
