"""What can be reached without computing."""

from __future__ import annotations

import pytest

from codeoutpred.evaluation.baselines import (
    ANY_VALUE_IN_SIGHT,
    any_value_in_sight,
    baseline_reports,
    last_literal,
    literals_in_sight,
    most_frequent_answer,
    value_in_sight,
)
from codeoutpred.plugins import default_plugins


@pytest.fixture(scope="module")
def languages():
    return default_plugins().languages


@pytest.fixture
def script(make_sample):
    return make_sample(source="a = 7\nb = 'xy'\nc = a + 30\nprint(b, c)\n", answer="xy 37")


@pytest.fixture
def call(make_sample):
    return make_sample(
        id="s1",
        kind="call",
        source="def f(x, y):\n    return x * 2\n",
        entry="f",
        arguments="'k', 9",
        answer="'kk'",
        answer_type="str",
    )


def answers(predictions):
    return [prediction.answer for prediction in predictions]


def test_the_literals_of_a_script_are_written_as_it_prints_them(script, languages):
    assert literals_in_sight(script, languages) == ["7", "xy", "30"]


def test_the_literals_of_a_call_include_its_arguments(call, languages):
    assert literals_in_sight(call, languages) == ["2", "'k'", "9"]


def test_the_most_frequent_answer_is_that_of_the_same_kind(make_sample, script, call):
    training = [
        make_sample(answer="1"),
        make_sample(answer="2"),
        make_sample(answer="2"),
        *[make_sample(answer="'k'", kind="call")] * 5,
    ]
    assert answers(most_frequent_answer([script, call], training)) == ["2", "'k'"]


def test_without_training_samples_there_is_no_frequent_answer(script):
    assert answers(most_frequent_answer([script], [])) == [None]


def test_the_last_literal_of_a_call_is_its_last_argument(script, call, languages):
    assert answers(last_literal([script, call], languages)) == ["30", "9"]


def test_a_value_in_sight_is_the_same_for_the_same_seed(script, languages):
    draws = [answers(value_in_sight([script], languages, seed=seed)) for seed in range(40)]
    again = [answers(value_in_sight([script], languages, seed=seed)) for seed in range(40)]
    assert draws == again
    assert {draw for (draw,) in draws} == {"7", "xy", "30"}


def test_a_value_in_sight_does_not_hang_on_the_other_samples(script, call, languages):
    together = value_in_sight([script, call], languages, seed=3)
    assert value_in_sight([call], languages, seed=3) == together[1:]


def test_without_a_literal_in_sight_there_is_no_answer(make_sample, languages, verifier):
    bare = [make_sample(source="print(len(dir()))\n")]
    for given in (
        last_literal(bare, languages),
        value_in_sight(bare, languages),
        any_value_in_sight(bare, languages, verifier),
    ):
        assert answers(given) == [None]


def test_the_upper_bound_takes_the_right_value_wherever_it_is(make_sample, languages, verifier):
    seen = make_sample(source="a = [1, 2]\nb = 5\nc = 6\nprint(b)\n", answer="5")
    unseen = make_sample(id="s1", source="a = 4\nprint(a + a)\n", answer="8")
    given = any_value_in_sight([seen, unseen], languages, verifier)
    assert [verifier.verify(*pair).correct for pair in zip([seen, unseen], given, strict=True)] == [
        True,
        False,
    ]


def test_no_guess_beats_the_upper_bound(samples, verifier, reward, languages):
    *lazy, bound = baseline_reports(samples, samples, verifier=verifier, reward=reward)
    assert bound.name == ANY_VALUE_IN_SIGHT
    assert len(lazy) == 3
    guesses = [report for report in lazy if report.name != lazy[0].name]
    for report in guesses:
        assert report.metrics.exact_accuracy.value <= bound.metrics.exact_accuracy.value


def test_baselines_are_asked_for_every_sample(samples, script, verifier, reward):
    odd = [*samples[1:], script]
    for report in baseline_reports(odd, [], verifier=verifier, reward=reward):
        assert report.metrics.n == len(odd)
