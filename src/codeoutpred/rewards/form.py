"""A little for an answer that can be found at all: what teaches the form before the content.

>>> FormatReward(formed=0.1)
FormatReward(formed=0.1, exact=1.0)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from codeoutpred.records import Prediction, Sample, Verdict
from codeoutpred.rewards.amounts import check_amounts, is_judgeable


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatReward:
    """`exact` for a right answer, `formed` for any other that was found, 0.0 where none was.

    A verdict other than `unparseable` says that an answer was found by the rule of extraction,
    and that it is not blank. The right answer earns more than the form alone, also when this is
    the only reward.
    """

    formed: float = 0.1
    exact: float = 1.0

    __name__: ClassVar[str] = "format"

    def __post_init__(self) -> None:
        check_amounts("format", formed=self.formed, exact=self.exact)

    @property
    def floor(self) -> float:
        """The least that a right answer earns."""
        return self.exact

    @property
    def ceiling(self) -> float:
        """The most that any other answer earns."""
        return self.formed

    def __call__(self, sample: Sample, prediction: Prediction, verdict: Verdict) -> float | None:
        """The reward of a verdict; None for a sample without a verified answer."""
        if not is_judgeable(sample):
            return None
        if verdict.correct:
            return self.exact
        return 0.0 if verdict.match == "unparseable" else self.formed
