"""The metrics over many samples.

The denominator of every rate is the number of predictions asked for: an unusable answer counts
as an answer. A reward of None (could not be judged) is left out of the average and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from codeoutpred.errors import InvalidValueError
from codeoutpred.evaluation.estimates import (
    Estimate,
    pooled_mean,
    pooled_rate,
    ratio_estimate,
)
from codeoutpred.evaluation.scores import ScoredSample
from codeoutpred.records import Match, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionLoss(Record):
    """How surprised a model is by the right completion: a sum of nats over `tokens` tokens."""

    sample_id: str
    nats: float
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics(Record):
    """What is measured over a set of samples, each with its 95 % interval.

    `exact_accuracy` counts `exact` and `equal`, `strict_accuracy` only `exact` (the text is the
    same), `close_accuracy` also `close`; `unparseable` is the share without an answer; `loss` is
    in nats a completion token; `unrewarded` counts the rewards of None. With several predictions
    a sample, each counts, and `exact_accuracy` is pass@1.
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
        """The number of predictions asked for."""
        return self.exact_accuracy.n


RATES: dict[str, frozenset[Match]] = {
    "exact_accuracy": frozenset({"exact", "equal"}),
    "strict_accuracy": frozenset({"exact"}),
    "close_accuracy": frozenset({"exact", "equal", "close"}),
    "unparseable": frozenset({"unparseable"}),
}
"""The rates, with the matches that each counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One sample, counted: `hits` are those of each rate in `RATES`, in their order."""

    program_id: str
    predictions: int
    hits: tuple[int, ...]
    reward: float
    rewarded: int
    nats: float
    tokens: int


def tally(sample: ScoredSample) -> Tally:
    """What the metrics need of a sample; the groups that it is in all share it."""
    matches = Counter(prediction.match for prediction in sample.predictions)
    rewards = [p.reward for p in sample.predictions if p.reward is not None]
    return Tally(
        program_id=sample.program_id,
        predictions=len(sample.predictions),
        hits=tuple(sum(matches[match] for match in counted) for counted in RATES.values()),
        reward=sum(rewards),
        rewarded=len(rewards),
        nats=sample.nats,
        tokens=sample.tokens,
    )


def measure(tallies: Sequence[Tally]) -> Metrics:
    """The metrics of samples; none at all is an `InvalidValueError`."""
    if not tallies:
        raise InvalidValueError("there are no samples to measure; choose a split that has some")
    rates = {
        name: pooled_rate((row.program_id, row.hits[at], row.predictions) for row in tallies)
        for at, name in enumerate(RATES)
    }
    return Metrics(
        average_reward=pooled_mean((row.program_id, row.reward, row.rewarded) for row in tallies),
        loss=ratio_estimate(
            (row.program_id, row.nats, row.tokens) for row in tallies if row.tokens
        ),
        unrewarded=sum(row.predictions - row.rewarded for row in tallies),
        **rates,
    )
