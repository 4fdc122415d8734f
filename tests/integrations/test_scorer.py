"""What all hosts share: the sample as JSON, and the score of a completion."""

from __future__ import annotations

import dataclasses
import pickle

import pytest
from host_replies import EQUAL, MISSING, NEAR, RIGHT

from codeoutpred import CodeOutPredError
from codeoutpred.integrations.scorer import (
    Scorer,
    completion_text,
    from_json,
    question_messages,
    to_json,
)


def test_a_sample_survives_as_json(sample):
    odd = dataclasses.replace(sample, answer="'\u2028</script>\ud83d\ude00'")
    assert from_json(to_json(odd)) == odd


@pytest.mark.parametrize("text", [None, "", "{", "[1]", '{"id": "s"}', 5])
def test_what_is_no_sample_is_one_clear_error(text):
    with pytest.raises(CodeOutPredError):
        from_json(text)


def test_completions_are_scored_by_the_rule_of_training(sample):
    scorer = Scorer()
    rewards = [scorer.score(sample, text).reward for text in (RIGHT, EQUAL, NEAR, MISSING, "")]
    assert rewards == [10.0, 10.0, 5.0, 0.0, 0.0]


def test_a_scorer_can_be_pickled(sample):
    copy = pickle.loads(pickle.dumps(Scorer(reward="staged")))
    assert copy.number(sample, RIGHT) == 10.0


def test_an_unknown_reward_is_named(sample):
    with pytest.raises(CodeOutPredError, match="stagd"):
        Scorer(reward="stagd").score(sample, RIGHT)


def test_the_question_does_not_hold_the_answer(sample):
    assert sample.answer not in "".join(m["content"] for m in question_messages(sample))


def test_the_text_of_a_chat_is_taken_from_its_messages():
    assert completion_text([{"role": "assistant", "content": "4"}]) == "4"
    assert completion_text([{"role": "assistant", "content": None}]) == ""
