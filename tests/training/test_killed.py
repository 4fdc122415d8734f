"""Trainings that are killed again and again, and end with the weights of one that was not."""

from __future__ import annotations

import json
import random
import signal
import time
from pathlib import Path
from typing import Any

import commands
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("trl")
load_file = pytest.importorskip("safetensors.torch").load_file

from codeoutpred.rewards.ledger import Ledger  # noqa: E402

pytestmark = [pytest.mark.heavy, pytest.mark.long]

KILLS = 10
WHILE_SAVING = 2
DEADLINE = 600

COMMANDS = {
    "supervised": (
        *("train-supervised", "--model", "tiny", "--epochs", 3, "--batch-size", 8),
        *("--native", "logging_steps=1"),
    ),
    "rl": (
        *("train-rl", "--model", "tiny", "--episodes", 320, "--batch-size", 8),
        *("--new-tokens", 200, "--native", "logging_steps=1"),
    ),
}


def words(kind: str, data: Path, home: Path) -> tuple[object, ...]:
    return (
        *(*COMMANDS[kind], "--skip-preflight"),
        *("--dataset-name", "small", "--data-dir", data, "--output-dir", home, "--json"),
    )


def steps(folder: Path) -> list[int]:
    """The steps whose figures are in the log, in order."""
    log = folder / "training_log.jsonl"
    rows = [json.loads(line) for line in log.read_text().split("\n")[:-1]] if log.exists() else []
    return [row["step"] for row in rows if "loss" in row]


def saved(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("checkpoint-*")}


def kill(command: tuple[object, ...], folder: Path, step: int | None, delay: float) -> None:
    """Kill a training `delay` seconds after it took a step, or began with a checkpoint."""
    log = folder / "training_log.jsonl"
    before, there = log.stat().st_ino if log.exists() else 0, saved(folder)
    process = commands.start(*command)
    deadline = time.monotonic() + DEADLINE

    def is_due() -> bool:
        if step is None:
            return bool(saved(folder) - there)
        began = log.exists() and log.stat().st_ino != before
        return began and step in steps(folder)

    while process.poll() is None and not is_due():
        assert time.monotonic() < deadline, f"step {step} did not come"
        time.sleep(0.002)
    time.sleep(delay)
    process.kill()
    out, err = process.communicate()
    assert process.returncode == -signal.SIGKILL, f"over before the kill: {out}\n{err}"


def weights(path: str) -> dict[str, Any]:
    return load_file(Path(path) / "model.safetensors")


@pytest.mark.parametrize("kind", list(COMMANDS))
def test_killed_at_ten_random_steps_it_ends_with_the_same_weights(
    kind: str, data: Path, tmp_path: Path
) -> None:
    whole = commands.run(*words(kind, data, tmp_path / "whole"))
    assert whole.status == 0, whole.err
    result = json.loads(whole.out)
    seed = random.randrange(2**32)
    rng = random.Random(seed)
    moments: list[int | None] = [*sorted(rng.sample(range(1, result["steps"] - 1), KILLS))]
    for _ in range(WHILE_SAVING):
        moments.insert(rng.randrange(KILLS - 2), None)
    print(f"seed {seed}: killed after steps {moments} of {result['steps']}")

    folder = tmp_path / "killed" / "checkpoints" / kind
    command = words(kind, data, tmp_path / "killed")
    for number, step in enumerate(moments):
        delay = rng.uniform(0, 0.3 if step else 0.03)
        kill((*command, *(["--resume"] if number else [])), folder, step, delay)
        whole_ones = {path.parent.name for path in folder.glob("checkpoint-*/checkpoint.json")}
        print(f"step {step}: whole {sorted(whole_ones)}, all {sorted(saved(folder))}")
    ended = commands.run(*command, "--resume")
    assert ended.status == 0, ended.err

    found = json.loads(ended.out)
    assert found["steps"] == result["steps"]
    one, other = weights(result["path"]), weights(found["path"])
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)
    places = [tmp_path / home / "checkpoints" / kind for home in ("whole", "killed")]
    assert steps(places[0]) == steps(places[1]) == list(range(1, result["steps"] + 1))
    if kind == "rl":
        paid, again = (list(Ledger(place / "rewards.jsonl").entries()) for place in places)
        assert paid == again and len({entry.reward for entry in paid}) > 1
