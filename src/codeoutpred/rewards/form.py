"""A little for an answer that can be found at all: what teaches the form before the content.

>>> FormatReward(formed=0.1)
FormatReward(exact=1.0, formed=0.1)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from codeoutpred.records import Verdict
from codeoutpred.rewards.amounts import AnswerReward, check_amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatReward(AnswerReward):
    """`exact` for a right answer, `formed` for any other that was found, 0.0 where none was.

    A verdict other than `unparseable` says that an answer was found by the rule of extraction,
    and that it is not blank. The right answer earns more than the form alone, also when this is
    the only reward.
    """

    formed: float = 0.1

    __name__: ClassVar[str] = "format"

    def __post_init__(self) -> None:
        check_amounts("format", formed=self.formed, exact=self.exact)

    @property
    def ceiling(self) -> float:
        """The most that any other answer earns."""
        return self.formed

    def other(self, verdict: Verdict) -> float:
        """`formed` where there is an answer."""
        return 0.0 if verdict.match == "unparseable" else self.formed
