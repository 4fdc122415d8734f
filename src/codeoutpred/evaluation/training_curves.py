"""How a training went, drawn from the log that it leaves in its folder.

curves = training_curves(Path("run/checkpoints/supervised"), name="supervised")
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from codeoutpred.errors import InvalidValueError, storage_errors
from codeoutpred.pages import Curves

LOG = "training_log.jsonl"

_DRAWN = (
    ("loss", "eval_loss"),
    ("reward", "eval_reward"),
    ("mean_token_accuracy", "eval_mean_token_accuracy"),
    ("kl", "eval_kl"),
    ("completions/mean_length", "eval_completions/mean_length"),
    ("completions/clipped_ratio", "eval_completions/clipped_ratio"),
)
"""The names in the log of what is drawn: while training, and on the held out split."""


def training_curves(folder: Path, *, name: str = "") -> list[Curves]:
    """The curves of the log of the model in a folder; none where there is no log.

    The final model of reinforcement learning lies a folder below its log, or has a log itself.
    """
    places = (folder, folder / "final_model", folder.parent)
    path = next((place / LOG for place in places if (place / LOG).is_file()), None)
    if path is None:
        return []
    with storage_errors(str(path)):
        text = path.read_text(encoding="utf-8")
    try:
        entries = [json.loads(line) for line in text.split("\n") if line.strip()]
    except ValueError as error:
        raise InvalidValueError(f"{path} is no log of a training: {error}") from error
    return [
        Curves(
            title=f"{name}: {_words(pair[0])}" if name else _words(pair[0]),
            x="step",
            y=_words(pair[0]),
            series=series,
        )
        for pair in _DRAWN
        if (series := tuple(_series(entries, pair)))
    ]


def run_curves(run: Path) -> list[Curves]:
    """The curves of both trainings of a run's folder, as far as they left a log."""
    return [
        curve
        for stage in ("supervised", "rl")
        for curve in training_curves(run / "checkpoints" / stage, name=stage)
    ]


def _series(
    entries: list[Any], names: tuple[str, ...]
) -> Iterator[tuple[str, tuple[tuple[float, float], ...]]]:
    for name in names:
        points = {
            float(entry["step"]): float(entry[name])
            for entry in entries
            if isinstance(entry, dict)
            and isinstance(entry.get("step"), (int, float))
            and isinstance(entry.get(name), (int, float))
            and math.isfinite(entry[name])
        }
        if len(points) > 1:
            yield "held out" if name.startswith("eval_") else "training", tuple(points.items())


def _words(name: str) -> str:
    return name.removeprefix("eval_").replace("completions/", "").replace("_", " ")
