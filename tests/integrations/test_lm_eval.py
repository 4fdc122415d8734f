"""lm-evaluation-harness runs the task of the package with a model of its own."""

from __future__ import annotations

import pytest

lm_eval = pytest.importorskip("lm_eval")

from lm_eval.api.model import LM
from lm_eval.tasks import TaskManager

from codeoutpred.integrations.lm_eval import TASK_FOLDER


class OneAnswer(LM):
    """A model that always answers 8, and stops before the closing tag as it was told to."""

    def generate_until(self, requests, disable_tqdm=False):
        return ["4 * 2. [ANSWER]8" for _ in requests]

    def loglikelihood(self, requests):
        raise AssertionError("nobody asks")

    loglikelihood_rolling = loglikelihood


def test_the_harness_runs_the_task(benchmark_file):
    found = lm_eval.simple_evaluate(
        model=OneAnswer(),
        tasks=["codeoutpred"],
        task_manager=TaskManager(
            include_path=str(TASK_FOLDER),
            metadata={"benchmark": "cruxeval", "benchmark_path": str(benchmark_file)},
        ),
        bootstrap_iters=0,
    )
    results = found["results"]["codeoutpred"]
    assert results["exact_accuracy,none"] == 0.5
    assert results["reward,none"] == 5.0
