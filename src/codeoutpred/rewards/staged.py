"""The default reward: one amount for the right answer, less for a near one, nothing else.

>>> StagedReward(exact=10.0, close=5.0)
StagedReward(exact=10.0, close=5.0, threshold=0.0)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from codeoutpred.records import Verdict
from codeoutpred.rewards.amounts import AnswerReward, check_amounts, check_share


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedReward(AnswerReward):
    """`exact` for a verdict of `exact` or `equal`, `close` for `close`, 0.0 for all else.

    A near answer must earn less than the right one and no less than a wrong one, else
    `InvalidValueError` is raised. Whether an answer is near is the verifier's word: an empty
    answer and one that merely contains the right one are not. Near answers with a similarity
    below `threshold` earn nothing.
    """

    exact: float = 10.0
    close: float = 5.0
    threshold: float = 0.0

    __name__: ClassVar[str] = "staged"  # what trainers log the reward under

    def __post_init__(self) -> None:
        check_amounts("staged", close=self.close, exact=self.exact)
        check_share("staged", threshold=self.threshold)

    @property
    def ceiling(self) -> float:
        """The most that any other answer earns."""
        return self.close

    def other(self, verdict: Verdict) -> float:
        """`close` where the answer is near."""
        is_close = verdict.match == "close" and verdict.similarity >= self.threshold
        return self.close if is_close else 0.0
