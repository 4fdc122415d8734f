"""A model of 43 million parameters learns from 500,000 samples, from nothing, on a GPU."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("trl")

from from_scratch import FULL, run

from codeoutpred.evaluation.paired import paired_difference

pytestmark = [pytest.mark.heavy, pytest.mark.gpu]


def test_training_from_nothing_beats_guessing_and_reinforcement_does_no_harm(
    tmp_path: Path,
) -> None:
    """Hours: `tests/from_scratch.py full FOLDER` is the same run, and can be stopped."""
    report = run(FULL, tmp_path)
    print(report.text())
    untrained, supervised, reinforced = report.greedy
    best_guess = max(each.metrics.exact_accuracy.value for each in report.baselines)
    assert untrained.metrics.exact_accuracy.value < 0.01
    assert supervised.metrics.exact_accuracy.low > best_guess
    assert paired_difference(supervised, reinforced).high >= 0
