"""A table of predictions to search, filter, sort and open, its data within the page.

The script `predictions.js` builds it in the browser; a page that shows one names `SCRIPTS`:

    html_page("Evaluation", [table], scripts=SCRIPTS)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from codeoutpred.pages.markup import embedded_json

SCRIPTS = ("diff.js", "predictions.js")

MOST = 50_000
"""The predictions of a model that a page shows at most; the first ones."""
BUDGET = 24_000_000
"""The characters of texts in a page; where there are more, long ones are cut."""
_LONGEST, _SHORTEST = 16_000, 250
_CUTTABLE = ("call", "expected", "answer", "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSample:
    """A question and the right answer to it; `program` is the number of its source."""

    id: str
    program: int
    language: str
    kind: str
    difficulty: str
    answer_type: str
    call: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPrediction:
    """What a model answered to the sample of that number, and what it was worth."""

    sample: int
    text: str
    answer: str | None
    match: str
    reason: str = ""
    error: str = ""
    reward: float | None = None
    similarity: float | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionTable:
    """The predictions of one model, or of several side by side, on the same samples.

    `predictions` holds a tuple for each of `models`; the nth prediction of a sample by one model
    stands beside the nth of the others. Texts are data to the page, never markup.
    """

    models: tuple[str, ...]
    programs: tuple[str, ...]
    samples: tuple[ShownSample, ...]
    predictions: tuple[tuple[ShownPrediction, ...], ...]

    def html(self) -> str:
        """The place of the table, and its data for the script."""
        shown = [rows[:MOST] for rows in self.predictions]
        texts = [
            *self.programs,
            *(text for row in self.samples for text in (row.call, row.expected)),
            *(text for rows in shown for row in rows for text in (row.answer or "", row.text)),
        ]
        longest = _longest(list(map(len, texts)))
        data = {
            "models": self.models,
            "programs": [_cut(text, longest) for text in self.programs],
            "samples": _columns(ShownSample, self.samples, longest),
            "predictions": [_columns(ShownPrediction, rows, longest) for rows in shown],
            "left_out": max((len(rows[MOST:]) for rows in self.predictions), default=0),
        }
        return (
            '<div id="predictions"></div>\n'
            "<noscript><p>The table of predictions needs JavaScript.</p></noscript>\n"
            f'<script type="application/json" id="predictions-data">{embedded_json(data)}</script>'
        )


def _longest(lengths: list[int]) -> int:
    """The length at which texts are cut, so that all of them keep within the budget."""
    longest = _LONGEST
    while longest > _SHORTEST and sum(min(length, longest) for length in lengths) > BUDGET:
        longest //= 2
    return longest


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return f"{text[:longest]}\n… cut here, {len(text) - longest:,} characters more"


def _columns(record: type, rows: Iterable[Any], longest: int) -> dict[str, list[Any]]:
    """The fields by name, each a list with a value a row: names once, not once a row."""
    columns = {field.name: [getattr(row, field.name) for row in rows] for field in fields(record)}
    for name in columns.keys() & _CUTTABLE:
        columns[name] = [text and _cut(text, longest) for text in columns[name]]
    return columns
