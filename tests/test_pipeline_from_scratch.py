"""The whole flow on a model from nothing, at a size that a CPU trains in minutes."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("trl")

from from_scratch import SMALL, run

pytestmark = [pytest.mark.heavy, pytest.mark.long]


def test_a_model_from_nothing_learns_to_trace_and_to_answer(tmp_path: Path) -> None:
    report = run(SMALL, tmp_path)
    untrained, supervised, reinforced = (stage.metrics for stage in report.greedy)
    assert untrained.unparseable.value == 1
    assert supervised.unparseable.value < 0.3
    assert supervised.loss.value < 0.2 * untrained.loss.value
    assert supervised.exact_accuracy.value > 0.02
    assert reinforced.n == SMALL.asked
    before, after = report.sampled
    assert (before.name, after.name) == ("supervised, sampled", "reinforced, sampled")
    found_again = run(SMALL, tmp_path)
    assert [stage.metrics for stage in found_again.greedy] == [untrained, supervised, reinforced]
