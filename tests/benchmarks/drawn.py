"""Drills as their generator foresees them, nothing executed: samples for benchmarks of training."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from codeoutpred.data.candidates import Outcome, sample_of
from codeoutpred.data.split import Split, program_fingerprint, split_of
from codeoutpred.generation.drills import DrillGenerator
from codeoutpred.languages.python import PYTHON
from codeoutpred.records import Program, Sample


def drills(
    split: Split, count: int, *, levels: Sequence[int], seed: int, start: int = 0
) -> list[Sample]:
    """The first sample of each drill of a split, among `count` drills from number `start` on."""
    drawn = DrillGenerator(levels=levels, workers=1).generate(count=count, seed=seed, start=start)
    return [
        first_sample(program)
        for program in drawn
        if split_of(program_fingerprint(PYTHON, program.source)) == split
    ]


def first_sample(program: Program) -> Sample:
    """The sample that the first case of a program gives."""
    outcome = Outcome(answer=program.cases[0].expected, answer_type="text")
    return sample_of(program, 0, outcome)


def keep(file: Path, *lists: Sequence[Sample]) -> None:
    """Write lists of samples for other processes."""
    rows = [[sample.to_dict() for sample in samples] for samples in lists]
    file.write_text(json.dumps(rows), encoding="utf-8")


def kept(file: Path) -> list[list[Sample]]:
    """The lists of samples that were kept in a file."""
    rows = json.loads(file.read_text(encoding="utf-8"))
    return [[Sample.from_dict(row) for row in samples] for samples in rows]
