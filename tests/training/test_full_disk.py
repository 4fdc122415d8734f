"""A disk that is full when a checkpoint is written: one line, and nothing of before is lost."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import commands
import pytest

pytest.importorskip("torch")
pytest.importorskip("trl")

from codeoutpred.training.checkpoints import last_whole_checkpoint

pytestmark = [pytest.mark.heavy, pytest.mark.long]

TWO_CHECKPOINTS = 42
"""MB: of `tiny` with its optimiser one takes 17, and a third does not fit."""

COMMANDS = {
    "supervised": ("train-supervised", "--epochs", 2, "--batch-size", 8),
    "rl": ("train-rl", "--episodes", 80, "--batch-size", 8, "--new-tokens", 200),
}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[tuple[Path, Callable[[int], None]]]:
    """The folder of a small disk, and what makes it larger, in MB."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(size: int, *options: str) -> bool:
        chosen = ",".join([f"size={size}m", *options])
        command = ["mount", "-t", "tmpfs", "-o", chosen, "tmpfs", str(folder)]
        return subprocess.run(command, capture_output=True).returncode == 0

    if os.geteuid() != 0 or not mount(TWO_CHECKPOINTS):
        pytest.skip("only root can mount a disk, and not everywhere")
    try:
        yield folder, lambda size: None if mount(size, "remount") else pytest.fail("no room")
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("kind", list(COMMANDS))
def test_training_ends_in_one_line_and_goes_on_when_there_is_room(
    kind: str, data: Path, disk: tuple[Path, Callable[[int], None]], tmp_path: Path
) -> None:
    home, make_room = disk
    words = (
        *(*COMMANDS[kind], "--model", "tiny", "--skip-preflight"),
        *("--dataset-name", "small", "--data-dir", data),
    )
    full = commands.run(*words, "--output-dir", home)
    lines = [line for line in full.err.splitlines() if "error" in line]
    assert full.status == 1
    assert len(lines) == 1 and "disk is full" in lines[0] and "--resume" in lines[0], full.err
    assert "Traceback" not in full.err
    last = last_whole_checkpoint(home / "checkpoints" / kind)
    assert last is not None

    still = commands.run(*words, "--output-dir", home, "--resume")
    assert still.status == 1 and "disk is full" in still.err
    assert last_whole_checkpoint(home / "checkpoints" / kind) is not None

    make_room(400)
    ended = commands.run(*words, "--output-dir", home, "--resume", "--json")
    assert ended.status == 0, ended.err
    whole = commands.run(*words, "--output-dir", tmp_path / "whole", "--json")
    one, other = (
        (Path(json.loads(done.out)["path"]) / "model.safetensors").read_bytes()
        for done in (ended, whole)
    )
    assert one == other
