"""Files of predictions, read line by line, in the two forms that are in use.

JSON Lines, one `{"id": ..., "prediction": "..."}` or `{"id": ..., "predictions": ["...", ...]}`
a line; or one JSON object of lists of answers by id, as CRUXEval's `generations.json` is. What
cannot be used is told one line each, with file and line number, and the rest is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeoutpred.errors import InvalidValueError

Complain = Callable[[str], None]
"""Is told what is wrong with a file, a line for people each time."""

_EXPECTED = (
    'expected {"id": "...", "prediction": "..."}, or "predictions" with a list of at least one text'
)


@dataclass(frozen=True, slots=True)
class Given:
    """The texts given for one id, and the line that they stand on."""

    line: int
    texts: tuple[str, ...]


def refuse(problem: str) -> None:
    """Raise the problem as an `InvalidValueError`: what is done where nothing else is said."""
    raise InvalidValueError(problem)


def read_predictions(path: Path, complain: Complain = refuse) -> tuple[dict[str, Given], bool]:
    """The texts by id, and whether they are bare answers, as those of `generations.json` are.

    Of an id that is given twice the first counts. `InvalidValueError` where there is no text.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InvalidValueError(f"cannot read predictions from {path}: {error.strerror}") from error
    try:
        content = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InvalidValueError(f"{path}:{line}: not UTF-8 text: {error.reason}") from error
    is_object = _is_one_object(content, path)
    rows = _object_rows(path, content) if is_object else _line_rows(path, content, complain)
    found: dict[str, Given] = {}
    for number, sample_id, value in rows:
        place = f"{path}:{number}"
        texts = _texts(value)
        if not isinstance(sample_id, str) or texts is None:
            shown = json.dumps({"id": sample_id, "prediction": value})
            complain(f"{place}: {_EXPECTED}, got {shown[:60]}")
        elif sample_id in found:
            complain(f"{place}: id {sample_id!r} was given on line {found[sample_id].line} before")
        else:
            found[sample_id] = Given(number, texts)
    return found, is_object


def _is_one_object(content: str, path: Path) -> bool:
    """Whether the whole content is one object that is no line of predictions."""
    start = content.lstrip()
    if not start.startswith("{"):
        return False
    try:
        first = json.loads(start.split("\n", 1)[0])
    except (ValueError, RecursionError):
        return path.suffix == ".json"  # written over several lines, whole or not
    return (
        isinstance(first, dict)
        and "id" not in first
        and all(isinstance(value, list) for value in first.values())
    )


def _object_rows(path: Path, content: str) -> Iterator[tuple[int, Any, Any]]:
    """The line, id and value of each member of the one object, duplicates included."""
    try:
        pairs = json.loads(content, object_pairs_hook=list)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise InvalidValueError(f"{path}:{line}: not JSON: {error}") from error
    at, line = 0, 1
    for sample_id, value in pairs:
        start = content.find(json.dumps(sample_id), at)
        if start >= 0:  # not where the id is escaped in another way than ours
            line += content.count("\n", at, start)
            at = start + 1
        yield line, sample_id, value


def _line_rows(path: Path, content: str, complain: Complain) -> Iterator[tuple[int, Any, Any]]:
    # Not splitlines(): JSON strings may hold U+2028 and its like as they are.
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            complain(f"{path}:{number}: not JSON: {error}")
            continue
        if isinstance(row, dict) and ("prediction" in row) != ("predictions" in row):
            value = [row["prediction"]] if "prediction" in row else row["predictions"]
            yield number, row.get("id"), value
        else:
            complain(f"{path}:{number}: {_EXPECTED}, got {line.strip()[:60]}")


def _texts(value: Any) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not value:
        return None
    return tuple(value) if all(isinstance(text, str) for text in value) else None
