"""The lenient verifier: right is the same text, near is what reads alike.

verdict = FuzzyVerifier(close_threshold=0.7).verify(sample, prediction)
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
class FuzzyVerifier:
    """`exact` as of the `value` verifier, and never `equal`; `close` with an open mind.

    Likeness is measured with spacing, kinds of quotes and the case of letters put aside. It is for
    shaping rewards and for finding near misses: it never calls right what another verifier calls
    wrong.
    """

    close_threshold: float = 0.8

    def __post_init__(self) -> None:
        check_threshold(self.close_threshold)

    def verify(self, sample: Sample, prediction: Prediction) -> Verdict:
        """The verdict; never raises for what a model wrote."""
        texts = judge_plainly(sample, prediction)
        if isinstance(texts, Verdict):
            return texts
        folded = _folded(texts[0]), _folded(texts[1])
        return judge_likeness(sample, prediction, folded, self.close_threshold)


def _folded(text: str) -> str:
    return "".join(text.split()).replace('"', "'").casefold()
