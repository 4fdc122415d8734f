"""Right answers earn less the longer the text that leads to them.

>>> LengthPenalty(free=1_000, limit=4_000)
LengthPenalty(exact=1.0, shortened=0.5, free=1000, limit=4000)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from codeoutpred.errors import InvalidValueError
from codeoutpred.records import Prediction, Sample, Verdict
from codeoutpred.rewards.amounts import AnswerReward, check_amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthPenalty(AnswerReward):
    """`exact` for a right answer in a text of at most `free` characters, 0.0 for a wrong one.

    A longer text earns less, in proportion, down to `shortened` at `limit` characters and beyond.
    The expected answer itself costs nothing. Wrong answers are not punished for their length: that
    would teach a model to say nothing where it is in doubt.
    """

    shortened: float = 0.5
    free: int = 1_000
    limit: int = 4_000

    __name__: ClassVar[str] = "length_penalty"

    def __post_init__(self) -> None:
        check_amounts("length_penalty", shortened=self.shortened, exact=self.exact)
        if not (0 <= self.free < self.limit and self.shortened > 0):
            raise InvalidValueError(
                f"reward 'length_penalty': free={self.free}, limit={self.limit}, "
                f"shortened={self.shortened}; needed is 0 <= free < limit and shortened > 0"
            )

    @property
    def floor(self) -> float:
        """The least that a right answer earns."""
        return self.shortened

    @property
    def ceiling(self) -> float:
        """The most that any other answer earns."""
        return 0.0

    def right(self, sample: Sample, prediction: Prediction) -> float:
        """The less the longer the text."""
        length = len(prediction.text) - len(sample.answer)
        excess = min(max(length - self.free, 0) / (self.limit - self.free), 1.0)
        return self.exact - excess * (self.exact - self.shortened)

    def other(self, verdict: Verdict) -> float:
        """Nothing."""
        return 0.0
