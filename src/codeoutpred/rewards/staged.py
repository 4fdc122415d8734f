"""The default reward: one amount for the right answer, less for a near one, nothing else.

>>> StagedReward(exact=10.0, close=5.0)
StagedReward(exact=10.0, close=5.0)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from codeoutpred.errors import InvalidValueError
from codeoutpred.records import Prediction, Sample, Verdict


@dataclass(frozen=True, slots=True)
class StagedReward:
    """`exact` for a verdict of `exact` or `equal`, `close` for `close`, 0.0 for all else.

    A near answer must earn less than the right one and no less than a wrong one, else
    `InvalidValueError` is raised. Whether an answer is near is the verifier's word: an empty
    answer and one that merely contains the right one are not.
    """

    exact: float = 10.0
    close: float = 5.0

    __name__: ClassVar[str] = "staged"  # what trainers log the reward under

    def __post_init__(self) -> None:
        if not (0 <= self.close < self.exact and math.isfinite(self.exact)):
            raise InvalidValueError(
                f"rewards of {self.exact} for exact and {self.close} for close answers; "
                "close must be at least 0 and less than exact"
            )

    def __call__(self, sample: Sample, prediction: Prediction, verdict: Verdict) -> float | None:
        """The reward of a verdict; this reward can judge all, and never returns None."""
        if verdict.correct:
            return self.exact
        return self.close if verdict.match == "close" else 0.0
