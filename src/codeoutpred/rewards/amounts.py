"""What the library's own rewards have in common: whom they pay, and amounts that make sense."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

from codeoutpred.errors import InvalidValueError
from codeoutpred.records import Prediction, Sample, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReward(ABC):
    """A reward of answers: `exact` for a right one, and what `other` says for all else."""

    exact: float = 1.0

    @property
    def floor(self) -> float:
        """The least that a right answer earns."""
        return self.exact

    @property
    @abstractmethod
    def ceiling(self) -> float:
        """The most that any other answer earns."""

    def __call__(self, sample: Sample, prediction: Prediction, verdict: Verdict) -> float | None:
        """The reward of a verdict; None for a sample without a verified answer."""
        if sample.status not in ("ok", "exception"):
            return None
        return self.right(sample, prediction) if verdict.correct else self.other(verdict)

    def right(self, sample: Sample, prediction: Prediction) -> float:
        """What a right answer earns."""
        return self.exact

    @abstractmethod
    def other(self, verdict: Verdict) -> float:
        """What an answer earns that is not right."""


def check_amounts(reward: str, **rising: float) -> None:
    """Raise `InvalidValueError` unless the amounts are finite, 0 or more, and rise.

    The last is that of a right answer: it must be above all others, which may be the same.
    """
    names, amounts = list(rising), list(rising.values())
    partial, right = [0.0, *amounts[:-1]], amounts[-1]
    if all(map(math.isfinite, amounts)) and partial == sorted(partial) and partial[-1] < right:
        return
    given = ", ".join(f"{name}={amount}" for name, amount in rising.items())
    order = " <= ".join(["0", *names[:-1]])
    raise InvalidValueError(f"reward {reward!r}: {given}; needed is {order} < {names[-1]}")


def check_share(reward: str, **shares: float) -> None:
    """Raise `InvalidValueError` for a share that does not lie between 0 and 1."""
    for name, share in shares.items():
        if not 0 <= share <= 1:
            raise InvalidValueError(f"reward {reward!r}: {name}={share} must lie between 0 and 1")
