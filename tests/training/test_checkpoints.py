"""Which checkpoints are whole, and what a full disk leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from codeoutpred.errors import StorageError
from codeoutpred.training.checkpoints import (
    differences,
    last_whole_checkpoint,
    mark_whole,
    read_mark,
    remove_half_written,
    training_errors,
)


def write(folder: Path, step: int, *, marked: bool) -> Path:
    checkpoint = folder / f"checkpoint-{step}"
    (checkpoint / "parts").mkdir(parents=True)
    (checkpoint / "model.bin").write_bytes(b"12345678")
    (checkpoint / "parts" / "random.bin").write_bytes(b"1")
    if marked:
        mark_whole(checkpoint, {"epochs": 1}, max_tokens=7)
    return checkpoint


def test_the_last_checkpoint_with_a_mark_counts(tmp_path: Path) -> None:
    for step in (2, 10):
        write(tmp_path, step, marked=True)
    write(tmp_path, 12, marked=False)
    found = last_whole_checkpoint(tmp_path)
    assert found == tmp_path / "checkpoint-10"
    assert read_mark(found)["max_tokens"] == 7


@pytest.mark.parametrize("harm", ["cut", "gone"])
def test_a_checkpoint_that_lost_something_is_passed_over(tmp_path: Path, harm: str) -> None:
    write(tmp_path, 2, marked=True)
    file = write(tmp_path, 4, marked=True) / "parts" / "random.bin"
    if harm == "cut":
        file.write_bytes(b"")
    else:
        file.unlink()
    assert last_whole_checkpoint(tmp_path) == tmp_path / "checkpoint-2"
    remove_half_written(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint-2"]


def test_where_there_is_none_none_is_found(tmp_path: Path) -> None:
    write(tmp_path, 3, marked=False)
    assert last_whole_checkpoint(tmp_path) is None


def test_differences_are_named_in_full() -> None:
    assert differences({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}, "d": "x"}) == [
        "a.c is 3 here but was 2",
        "d is 'x' here but was None",
    ]


def test_a_full_disk_is_one_line_whoever_reports_it(tmp_path: Path) -> None:
    for text in (
        "PytorchStreamWriter failed writing file data/3",
        "[enforce fail at inline_container.cc:672] . unexpected pos 4254848 vs 4254736",
    ):
        with pytest.raises(StorageError, match="disk is full"), training_errors(tmp_path):
            raise RuntimeError(text)
    with pytest.raises(StorageError, match="disk is full"), training_errors(tmp_path):
        try:
            raise OSError("I/O error: No space left on device (os error 28)")
        except OSError as error:
            raise RuntimeError("the file is not what it was") from error
    with pytest.raises(RuntimeError, match="shape"), training_errors(tmp_path):
        raise RuntimeError("shape mismatch")
