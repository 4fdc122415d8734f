"""The metrics and their denominators."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeoutpred.errors import InvalidValueError
from codeoutpred.evaluation.metrics import measure, tally

MATCHES = ["exact", "equal", "close", "wrong", "unparseable"]


def tallies_of(make_scored, matches, rewards=None):
    """A sample of its own program for each match."""
    return [
        tally(
            make_scored(
                [match], id=f"s{i}", program_id=f"p{i}", rewards=[rewards[i]] if rewards else None
            )
        )
        for i, match in enumerate(matches)
    ]


def test_each_accuracy_counts_its_matches(make_scored):
    metrics = measure(tallies_of(make_scored, MATCHES))
    assert metrics.strict_accuracy.value == 1 / 5
    assert metrics.exact_accuracy.value == 2 / 5
    assert metrics.close_accuracy.value == 3 / 5
    assert metrics.unparseable.value == 1 / 5


@given(st.lists(st.sampled_from(MATCHES), min_size=1))
def test_the_denominator_is_the_number_of_predictions_asked_for(make_scored, matches):
    metrics = measure(tallies_of(make_scored, matches))
    rates = (
        metrics.exact_accuracy,
        metrics.strict_accuracy,
        metrics.close_accuracy,
        metrics.unparseable,
    )
    assert {rate.n for rate in rates} == {metrics.n} == {len(matches)}
    assert (
        metrics.strict_accuracy.value
        <= metrics.exact_accuracy.value
        <= metrics.close_accuracy.value
        <= 1 - metrics.unparseable.value + 1e-9
    )


def test_a_reward_of_none_is_left_out_of_the_average_and_counted(make_scored):
    metrics = measure(tallies_of(make_scored, ["exact", "close", "wrong"], [10.0, None, 0.0]))
    assert metrics.average_reward.value == 5.0
    assert metrics.average_reward.n == 2
    assert metrics.unrewarded == 1
    assert metrics.n == 3


def test_rewards_that_are_all_none_give_no_average(make_scored):
    assert measure(tallies_of(make_scored, ["exact"], [None])).average_reward.value is None


def test_the_loss_is_weighted_by_tokens(make_scored):
    scores = [
        tally(make_scored(["wrong"], id=str(i), program_id=str(i), nats=nats, tokens=tokens))
        for i, (nats, tokens) in enumerate([(1.0, 1), (3.0, 9), (0.0, 0)])
    ]
    loss = measure(scores).loss
    assert (loss.value, loss.n) == (0.4, 2)


def test_a_loss_that_was_not_measured_has_no_value(make_scored):
    assert measure(tallies_of(make_scored, ["exact"])).loss.value is None


def test_every_prediction_of_a_sample_counts(make_scored):
    metrics = measure(
        [
            tally(make_scored(["exact", "equal", "wrong"], id="a", rewards=[10.0, None, 1.0])),
            tally(make_scored(["wrong", "unparseable", "close"], id="b", program_id="p1")),
        ]
    )
    assert metrics.n == 6
    assert metrics.exact_accuracy.value == 2 / 6
    assert metrics.strict_accuracy.value == 1 / 6
    assert metrics.average_reward.value == 11 / 5
    assert metrics.unrewarded == 1


def test_no_samples_at_all_are_an_error():
    with pytest.raises(InvalidValueError, match="no samples"):
        measure([])
