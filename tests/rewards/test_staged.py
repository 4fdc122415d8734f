"""The default reward."""

from __future__ import annotations

import pickle

import pytest

from codeoutpred import Prediction, RewardFn, Verdict
from codeoutpred.errors import InvalidValueError
from codeoutpred.plugins import default_plugins
from codeoutpred.rewards.staged import StagedReward


@pytest.fixture
def pay(sample):
    def amount(match, **amounts):
        prediction = Prediction(sample_id="s", text="1", answer="1")
        verdict = Verdict(match=match, similarity=1.0, expected=sample.answer, answer="1")
        return StagedReward(**amounts)(sample, prediction, verdict)

    return amount


@pytest.mark.parametrize(
    ("match", "amount"),
    [("exact", 10.0), ("equal", 10.0), ("close", 5.0), ("wrong", 0.0), ("unparseable", 0.0)],
)
def test_each_verdict_has_its_amount(match, amount, pay):
    assert pay(match) == amount


def test_the_amounts_can_be_set(pay):
    assert pay("equal", exact=1.0, close=0.25) == 1.0
    assert pay("close", exact=1.0, close=0.25) == 0.25


@pytest.mark.parametrize(
    "amounts",
    [
        {"close": 10.0},
        {"close": 11.0},
        {"close": -1.0},
        {"exact": 0.0, "close": 0.0},
        {"exact": float("inf")},
        {"exact": float("nan")},
        {"close": float("nan")},
    ],
)
def test_partial_credit_that_pays_as_much_as_the_right_answer_is_refused(amounts):
    with pytest.raises(InvalidValueError, match="0 <= close < exact"):
        StagedReward(**amounts)


def test_a_near_answer_below_the_threshold_earns_nothing(sample):
    reward = StagedReward(threshold=0.9)
    prediction = Prediction(sample_id="s", text="1", answer="1")
    for similarity, amount in ((0.9, 5.0), (0.89, 0.0)):
        verdict = Verdict(match="close", similarity=similarity, expected="2", answer="1")
        assert reward(sample, prediction, verdict) == amount


def test_the_reward_survives_pickling():
    assert pickle.loads(pickle.dumps(StagedReward(exact=2.0, close=1.0))) == StagedReward(
        exact=2.0, close=1.0
    )


def test_the_reward_is_logged_under_its_own_name():
    assert StagedReward().__name__ == "staged"


def test_the_hook_gives_this_reward_by_the_name_staged():
    assert isinstance(default_plugins().rewards.get("staged")(), RewardFn)
