"""Scores of single samples, and the metrics over many of them.

The denominator of every rate is the number of samples asked for: an unusable answer counts as
an answer. A reward of None (could not be judged) is left out of the average and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from codeoutpred.errors import InvalidValueError
from codeoutpred.evaluation.estimates import (
    Estimate,
    mean_estimate,
    rate_estimate,
    ratio_estimate,
)
from codeoutpred.records import Match, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionLoss(Record):
    """How surprised a model is by the right completion: a sum of nats over `tokens` tokens."""

    sample_id: str
    nats: float
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score(Record):
    """What became of one sample. `tokens` is 0 where the loss was not measured."""

    sample_id: str
    program_id: str
    answer: str | None
    match: Match
    reward: float | None
    nats: float = 0.0
    tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics(Record):
    """What is measured over a set of scores, each with its 95 % interval.

    `exact_accuracy` counts `exact` and `equal`, `strict_accuracy` only `exact` (the text is the
    same), `close_accuracy` also `close`; `unparseable` is the share without an answer; `loss` is
    in nats a completion token; `unrewarded` counts the rewards of None.
    """

    exact_accuracy: Estimate
    strict_accuracy: Estimate
    close_accuracy: Estimate
    unparseable: Estimate
    average_reward: Estimate
    loss: Estimate
    unrewarded: int

    @property
    def n(self) -> int:
        """The number of samples asked for."""
        return self.exact_accuracy.n


RATES: dict[str, Callable[[Score], bool]] = {
    "exact_accuracy": lambda score: score.match in ("exact", "equal"),
    "strict_accuracy": lambda score: score.match == "exact",
    "close_accuracy": lambda score: score.match in ("exact", "equal", "close"),
    "unparseable": lambda score: score.match == "unparseable",
}


def measure(scores: Sequence[Score]) -> Metrics:
    """The metrics of scores; none at all is an `InvalidValueError`."""
    if not scores:
        raise InvalidValueError("there are no samples to measure; choose a split that has some")
    rates = {
        name: rate_estimate((score.program_id, counts(score)) for score in scores)
        for name, counts in RATES.items()
    }
    rewards = [(score.program_id, score.reward) for score in scores if score.reward is not None]
    return Metrics(
        average_reward=mean_estimate(rewards),
        loss=ratio_estimate(
            (score.program_id, score.nats, score.tokens) for score in scores if score.tokens
        ),
        unrewarded=len(scores) - len(rewards),
        **rates,
    )
