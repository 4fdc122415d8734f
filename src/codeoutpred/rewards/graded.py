"""Near answers earn the more the nearer they are, and always less than the right one.

>>> GradedReward(partial=0.5)
GradedReward(exact=1.0, partial=0.5, threshold=0.0)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from codeoutpred.records import Verdict
from codeoutpred.rewards.amounts import AnswerReward, check_amounts, check_share


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedReward(AnswerReward):
    """`exact` for a right answer, `partial` times the similarity for a `close` one, else 0.0.

    How near is `close` is the verifier's word (its `close_threshold`): below it nothing is paid
    for likeness, so that neither a list of guesses nor an echo of the prompt earns. Near answers
    with a similarity below `threshold` earn nothing.
    """

    partial: float = 0.5
    threshold: float = 0.0

    __name__: ClassVar[str] = "graded"

    def __post_init__(self) -> None:
        check_amounts("graded", partial=self.partial, exact=self.exact)
        check_share("graded", threshold=self.threshold)

    @property
    def ceiling(self) -> float:
        """The most that any other answer earns."""
        return self.partial

    def other(self, verdict: Verdict) -> float:
        """`partial` of the similarity where the answer is near."""
        is_close = verdict.match == "close" and verdict.similarity >= self.threshold
        return self.partial * verdict.similarity if is_close else 0.0
