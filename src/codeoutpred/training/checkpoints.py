"""The folders that training writes: half-way checkpoints, the final model, and what is whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from codeoutpred.errors import StorageError, TrainingError, storage_errors
from codeoutpred.records import TrainingResult

RESULT = "training_result.json"
_CHECKPOINT = re.compile(r"checkpoint-(\d+)")


def last_whole_checkpoint(folder: Path) -> Path | None:
    """The latest checkpoint that was written to its end; half-written ones are passed over.

    transformers writes `trainer_state.json` last, so a checkpoint that has it in full is whole.
    """
    found = []
    for path in folder.glob("checkpoint-*"):
        match = _CHECKPOINT.fullmatch(path.name)
        if match and _is_json(path / "trainer_state.json"):
            found.append((int(match[1]), path))
    return max(found)[1] if found else None


def finished_result(folder: Path) -> TrainingResult | None:
    """The result of a training that ended in `folder`, or None."""
    if not _is_json(folder / RESULT):
        return None
    row = json.loads((folder / RESULT).read_text(encoding="utf-8"))
    return TrainingResult(path=folder, steps=row["steps"], metrics=row["metrics"])


def claim(folder: Path, *, resume: bool) -> None:
    """Make `folder` for a training, unless something is in the way of it."""
    with storage_errors(str(folder)):
        folder.mkdir(parents=True, exist_ok=True)
    if not resume and any(folder.iterdir()):
        raise TrainingError(
            f"{folder} is not empty; go on with that training by --resume, choose another "
            "--output-dir or --run-name, or remove it"
        )


def save_final(trainer: Any, tokenizer: Any, folder: Path) -> TrainingResult:
    """Write the trained model (or adapter) and tokenizer, and last the mark that all is there."""
    metrics = {
        name: value
        for entry in trainer.state.log_history
        for name, value in entry.items()
        if isinstance(value, (int, float))
    }
    with training_errors(folder):
        trainer.save_model(str(folder))
        tokenizer.save_pretrained(str(folder))
        row = {"steps": trainer.state.global_step, "metrics": metrics}
        history = "".join(json.dumps(entry) + "\n" for entry in trainer.state.log_history)
        (folder / "training_log.jsonl").write_text(history, encoding="utf-8")
        draft = folder / f".{RESULT}"
        draft.write_text(json.dumps(row, indent=1), encoding="utf-8")
        draft.replace(folder / RESULT)
    return TrainingResult(path=folder, steps=row["steps"], metrics=metrics)


@contextmanager
def training_errors(folder: Path) -> Iterator[None]:
    """One clear line where a checkpoint cannot be written, whichever library was writing."""
    try:
        with storage_errors(f"a checkpoint in {folder}"):
            yield
    except StorageError:
        raise
    except Exception as error:
        # safetensors and torch report a full disk in types and words of their own.
        text = str(error)
        if "No space left" in text or "os error 28" in text or "PytorchStreamWriter" in text:
            raise StorageError(
                f"cannot write a checkpoint in {folder}: the disk is full: free some space, then "
                "run again with --resume"
            ) from error
        raise


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return True
