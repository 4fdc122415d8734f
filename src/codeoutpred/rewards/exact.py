"""All or nothing: the right answer earns, and no other does.

>>> ExactReward()
ExactReward(exact=1.0)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from codeoutpred.records import Verdict
from codeoutpred.rewards.amounts import AnswerReward, check_amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactReward(AnswerReward):
    """`exact` for a verdict of `exact` or `equal`, 0.0 for all else."""

    __name__: ClassVar[str] = "exact"

    def __post_init__(self) -> None:
        check_amounts("exact", exact=self.exact)

    @property
    def ceiling(self) -> float:
        """The most that any other answer earns."""
        return 0.0

    def other(self, verdict: Verdict) -> float:
        """Nothing."""
        return 0.0
