"""The default reward: one amount for the right answer, less for a near one, nothing else.

>>> StagedReward(exact=10.0, close=5.0)
StagedReward(close=5.0, exact=10.0, threshold=0.0)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from codeoutpred.records import Prediction, Sample, Verdict
from codeoutpred.rewards.amounts import check_amounts, check_share, is_judgeable


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedReward:
    """`exact` for a verdict of `exact` or `equal`, `close` for `close`, 0.0 for all else.

    A near answer must earn less than the right one and no less than a wrong one, else
    `InvalidValueError` is raised. Whether an answer is near is the verifier's word: an empty
    answer and one that merely contains the right one are not. Near answers with a similarity
    below `threshold` earn nothing.
    """

    close: float = 5.0
    exact: float = 10.0
    threshold: float = 0.0

    __name__: ClassVar[str] = "staged"  # what trainers log the reward under

    def __post_init__(self) -> None:
        check_amounts("staged", close=self.close, exact=self.exact)
        check_share("staged", threshold=self.threshold)

    @property
    def floor(self) -> float:
        """The least that a right answer earns."""
        return self.exact

    @property
    def ceiling(self) -> float:
        """The most that any other answer earns."""
        return self.close

    def __call__(self, sample: Sample, prediction: Prediction, verdict: Verdict) -> float | None:
        """The reward of a verdict; None for a sample without a verified answer."""
        if not is_judgeable(sample):
            return None
        if verdict.correct:
            return self.exact
        is_close = verdict.match == "close" and verdict.similarity >= self.threshold
        return self.close if is_close else 0.0
