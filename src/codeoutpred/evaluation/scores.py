"""What became of each sample: the rows of a report, rich enough to be read without the dataset.

A sample has one prediction, or several where a model was sampled. Long texts are cut, and the
source of a program stands once in the report (`EvaluationReport.sources`), however many samples
it has.
"""

from __future__ import annotations

from dataclasses import dataclass

from codeoutpred.records import Kind, Match, Record, Status

LONGEST = 4_000
"""Characters that are kept of a text; of a longer one its beginning and its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredPrediction(Record):
    """What one prediction was worth.

    `text` is what the model wrote and `answer` what was found in it (None: nothing). `match`,
    `similarity` and `reason` are the verdict's, `reward` is None where it could not be judged.
    `error` is the kind of mistake (see `MISTAKES`), empty for a right answer. `confidence` is the
    probability that the model gave to its answer, None where it is not known; `clipped` says
    that the text was cut off at the bound on tokens.
    """

    text: str
    answer: str | None
    match: Match
    similarity: float
    reason: str
    reward: float | None
    error: str = ""
    confidence: float | None = None
    clipped: bool = False

    @property
    def correct(self) -> bool:
        """Whether the prediction counts for exact accuracy."""
        return self.match in ("exact", "equal")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredSample(Record):
    """One sample and its predictions, in the order in which they were made.

    `source` is the number of its program's source in `EvaluationReport.sources`, `expected` the
    right answer, `harder` whether it is in the harder group (see `is_harder`). The loss of the
    right completion is `nats` over `tokens`; 0 tokens where it was not measured.
    """

    id: str
    program_id: str
    language: str
    kind: Kind
    status: Status
    difficulty: int
    answer_type: str
    operations: tuple[str, ...]
    harder: bool
    source: int
    entry: str
    arguments: str
    expected: str
    predictions: tuple[ScoredPrediction, ...]
    nats: float = 0.0
    tokens: int = 0


def bounded(text: str) -> str:
    """The text, or the two ends of one that is longer than `LONGEST` characters.

    >>> bounded("a" * 5000)[1990:2040]
    'aaaaaaaaaa… 1000 characters left out …aaaaaaaaaaaa'
    """
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2
    return f"{text[:half]}… {len(text) - LONGEST} characters left out …{text[-half:]}"
