"""verifiers: a taskset that loads, and tasks that score a trace."""

from __future__ import annotations

import asyncio

import pytest

vf = pytest.importorskip("verifiers.v1")

from verifiers.v1.utils.loaders import taskset_class

from codeoutpred.integrations.verifiers import OutputPredictionConfig, OutputPredictionTaskset


@pytest.fixture
def tasks(benchmark_file):
    config = OutputPredictionConfig(benchmark="cruxeval", benchmark_path=str(benchmark_file))
    return list(OutputPredictionTaskset(config))


def scored(task, reply):
    trace = vf.Trace(
        task=vf.TraceTask(type=type(task).__name__, data=task.data),
        agent=vf.AgentInfo(config=vf.AgentConfig()),
        root_reply=reply,
    )
    asyncio.run(task.score(trace))
    return trace


def test_a_task_scores_the_last_reply(tasks):
    assert [task.data.id for task in tasks] == ["a", "b"]
    right, wrong = (scored(tasks[0], f"[ANSWER]{text}[/ANSWER]") for text in ("2", "3000"))
    assert (right.reward, right.metrics["exact_match"]) == (10.0, 1.0)
    assert (wrong.reward, wrong.metrics["exact_match"]) == (0.0, 0.0)


def test_the_host_finds_the_taskset_in_a_module_that_exports_it(tmp_path, monkeypatch):
    line = "from codeoutpred.integrations.verifiers import OutputPredictionTaskset\n"
    (tmp_path / "my_output_prediction.py").write_text(
        f"{line}__all__ = ['OutputPredictionTaskset']\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert taskset_class("my_output_prediction") is OutputPredictionTaskset
