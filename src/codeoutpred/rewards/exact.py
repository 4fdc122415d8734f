"""All or nothing: the right answer earns, and no other does.

>>> ExactReward()
ExactReward(exact=1.0)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from codeoutpred.records import Prediction, Sample, Verdict
from codeoutpred.rewards.amounts import check_amounts, is_judgeable


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactReward:
    """`exact` for a verdict of `exact` or `equal`, 0.0 for all else."""

    exact: float = 1.0

    __name__: ClassVar[str] = "exact"

    def __post_init__(self) -> None:
        check_amounts("exact", exact=self.exact)

    @property
    def floor(self) -> float:
        """The least that a right answer earns."""
        return self.exact

    @property
    def ceiling(self) -> float:
        """The most that any other answer earns."""
        return 0.0

    def __call__(self, sample: Sample, prediction: Prediction, verdict: Verdict) -> float | None:
        """The reward of a verdict; None for a sample without a verified answer."""
        if not is_judgeable(sample):
            return None
        return self.exact if verdict.correct else 0.0
