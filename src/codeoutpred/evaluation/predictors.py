"""Predictions that were made elsewhere, read from a file.

The local model has a file of its own, `huggingface.py`, since it needs torch.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from codeoutpred.errors import InvalidValueError
from codeoutpred.prompts import to_prediction
from codeoutpred.records import Prediction, Prompt


class FilePredictor:
    """Reads JSON Lines, one `{"id": SAMPLE_ID, "prediction": TEXT}` a line, in any order.

    The text is what a model wrote: answers are extracted from it as from any model's. A line
    that cannot be used, a duplicate, unknown or missing id is an `InvalidValueError` that names
    the file and the line.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines = _read(path)

    def predict(self, prompts: Sequence[Prompt]) -> Iterator[Prediction]:
        """The file's predictions, in the order of the prompts; every id must be among them."""
        asked = {prompt.sample_id for prompt in prompts}
        for sample_id, (number, _) in self._lines.items():
            if sample_id not in asked:
                raise InvalidValueError(
                    f"{self.path}:{number}: id {sample_id!r} is none of the {len(asked)} samples "
                    "asked for; evaluate on the dataset that was predicted"
                )
        missing = [p.sample_id for p in prompts if p.sample_id not in self._lines]
        if missing:
            raise InvalidValueError(
                f"{self.path}: {len(missing)} of {len(prompts)} samples have no prediction, the "
                f"first is {missing[0]!r}; write a line for each (the text may be empty)"
            )
        return iter([to_prediction(p, self._lines[p.sample_id][1]) for p in prompts])


def _read(path: Path) -> dict[str, tuple[int, str]]:
    """The lines by id: (line number, text)."""
    try:
        content = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise InvalidValueError(f"cannot read predictions from {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InvalidValueError(f"{path} is not UTF-8 text: {error}") from error
    lines: dict[str, tuple[int, str]] = {}
    # Not splitlines(): JSON strings may hold U+2028 and its like as they are.
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        sample_id, text = _parse_line(f"{path}:{number}", line)
        if sample_id in lines:
            raise InvalidValueError(
                f"{path}:{number}: id {sample_id!r} was given on line {lines[sample_id][0]} before"
            )
        lines[sample_id] = (number, text)
    return lines


def _parse_line(place: str, line: str) -> tuple[str, str]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidValueError(f"{place}: not JSON: {error}") from error
    if isinstance(row, dict):
        sample_id, text = row.get("id"), row.get("prediction")
        if isinstance(sample_id, str) and isinstance(text, str):
            return sample_id, text
    raise InvalidValueError(
        f'{place}: expected {{"id": "...", "prediction": "..."}} with two strings, '
        f"got {line.strip()[:60]}"
    )
