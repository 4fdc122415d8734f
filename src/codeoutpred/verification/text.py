"""The strict verifier: the same text is right, and nothing else.

verdict = TextVerifier().verify(sample, prediction)
"""

from __future__ import annotations

from dataclasses import dataclass

from codeoutpred.records import Prediction, Sample, Verdict
from codeoutpred.verification.judging import (
    check_threshold,
    judge_likeness,
    judge_plainly,
)


@dataclass(frozen=True)
class TextVerifier:
    """`exact` as of the `value` verifier, and never `equal`: quotes and spacing count.

    Else `close` where the similarity of the texts reaches `close_threshold`, and `wrong`.
    """

    close_threshold: float = 0.8

    def __post_init__(self) -> None:
        check_threshold(self.close_threshold)

    def verify(self, sample: Sample, prediction: Prediction) -> Verdict:
        """The verdict; never raises for what a model wrote."""
        texts = judge_plainly(sample, prediction)
        if isinstance(texts, Verdict):
            return texts
        return judge_likeness(sample, prediction, texts, self.close_threshold)
