"""Trackers that are really installed: a training reports to them, and to nobody else."""

from __future__ import annotations

import json
from pathlib import Path

import commands
import pytest

pytest.importorskip("torch")
pytest.importorskip("trl")

pytestmark = [pytest.mark.heavy, pytest.mark.long]


def words(data: Path, home: Path) -> tuple[object, ...]:
    return (
        *("train-supervised", "--model", "tiny", "--dataset-name", "small", "--data-dir", data),
        *("--epochs", 0.2, "--batch-size", 8, "--skip-preflight", "--native", "logging_steps=1"),
        *("--output-dir", home, "--json"),
    )


def test_wandb_keeps_the_curves_offline(data: Path, tmp_path: Path) -> None:
    pytest.importorskip("wandb")
    done = commands.run(
        *words(data, tmp_path), "--use-wandb", WANDB_MODE="offline", WANDB_DIR=str(tmp_path)
    )
    assert done.status == 0, done.err
    assert json.loads(done.out)["steps"] > 0, done.out
    [run] = (tmp_path / "wandb").glob("offline-run-*")
    [kept] = run.glob("run-*.wandb")
    assert b"train/loss" in kept.read_bytes()


def test_tensorboard_keeps_the_curves(data: Path, tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    done = commands.run(*words(data, tmp_path), "--report-to", "tensorboard")
    assert done.status == 0, done.err
    [kept] = (tmp_path / "checkpoints").rglob("events.out.tfevents.*")
    assert b"train/loss" in kept.read_bytes()


def test_without_being_asked_nothing_is_reported(data: Path, tmp_path: Path) -> None:
    done = commands.run(*words(data, tmp_path), WANDB_MODE="offline", WANDB_DIR=str(tmp_path))
    assert done.status == 0, done.err
    assert not (tmp_path / "wandb").exists()
    assert not list(tmp_path.rglob("events.out.tfevents.*"))
