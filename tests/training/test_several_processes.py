"""Two processes by `torchrun`: one of them writes and prints, and nothing is scored twice."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import commands
import pytest

pytest.importorskip("torch")
pytest.importorskip("trl")

from codeoutpred.rewards.ledger import Ledger

pytestmark = [pytest.mark.heavy, pytest.mark.long]


def words(data: Path, home: Path) -> tuple[object, ...]:
    return ("--model", "tiny", "--dataset-name", "small", "--data-dir", data, "--output-dir", home)


def test_one_of_two_processes_that_fine_tune_writes_and_prints(data: Path, tmp_path: Path) -> None:
    command = (
        *("train-supervised", *words(data, tmp_path), "--batch-size", 8, "--epochs", 1),
        *("--validation-samples", 4, "--native", "logging_steps=1"),
    )
    done = commands.run(*command, processes=2)
    assert done.status == 0, done.err
    assert done.out.count("model kept in") == 1
    assert done.err.count("parameters are trained") == done.err.count("prompt ends with: ") == 1
    folder = tmp_path / "checkpoints" / "supervised"
    rows = [json.loads(line) for line in (folder / "training_log.jsonl").open()]
    logged = [row["step"] for row in rows if "loss" in row]
    assert logged == list(range(1, len(logged) + 1))
    again = commands.run(*command, "--resume", processes=2)
    assert again.status == 0, again.err
    assert again.out.count("model kept in") == 1


def test_two_processes_that_reinforce_score_each_completion_once(
    data: Path, tmp_path: Path
) -> None:
    done = commands.run(
        *("train-rl", *words(data, tmp_path), "--batch-size", 8, "--episodes", 64),
        *("--new-tokens", 200, "--native", "logging_steps=1", "--json"),
        processes=2,
    )
    assert done.status == 0, done.err
    result = json.loads(done.out)
    assert done.err.count("parameters are trained") == done.err.count("prompt ends with: ") == 1
    entries = list(Ledger(tmp_path / "checkpoints" / "rl" / "rewards.jsonl").entries())
    assert len(entries) == result["metrics"]["episodes"] <= 64
    groups = Counter((entry.step, entry.sample_id) for entry in entries)
    assert all(count % 8 == 0 for count in groups.values())
