"""Drills as their generator foresees them, nothing executed: samples for benchmarks of training."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from codeoutpred.data.split import Split, program_fingerprint, split_of
from codeoutpred.generation.drills import DrillGenerator
from codeoutpred.languages.python import PYTHON
from codeoutpred.records import Program, Sample


def drills(
    split: Split, count: int, *, levels: Sequence[int], seed: int, start: int = 0
) -> list[Sample]:
    """The first sample of each drill of a split, among `count` drills from number `start` on."""
    drawn = DrillGenerator(levels=levels).generate(count=count, seed=seed, start=start)
    return [
        first_sample(program)
        for program in drawn
        if split_of(program_fingerprint(PYTHON, program.source)) == split
    ]


def first_sample(program: Program) -> Sample:
    """The sample that the first case of a program gives."""
    case = program.cases[0]
    return Sample(
        id=f"{program.id}/0",
        program_id=program.id,
        language=program.language,
        kind=program.kind,
        source=program.source,
        entry=program.entry,
        arguments=case.arguments,
        answer=case.expected,
        answer_type="text",
        status="ok",
        trace=case.trace,
        generator=program.generator,
        difficulty=program.difficulty,
        operations=program.operations,
        dependent_statements=case.dependent_statements,
    )


def keep(file: Path, *lists: Sequence[Sample]) -> None:
    """Write lists of samples for other processes."""
    rows = [[sample.to_dict() for sample in samples] for samples in lists]
    file.write_text(json.dumps(rows), encoding="utf-8")


def kept(file: Path) -> list[list[Sample]]:
    """The lists of samples that were kept in a file."""
    rows = json.loads(file.read_text(encoding="utf-8"))
    return [[Sample.from_dict(row) for row in samples] for samples in rows]
