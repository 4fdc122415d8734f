"""pass@k, without bias and with the full denominator."""

from __future__ import annotations

import itertools

import pytest

from codeoutpred.errors import InvalidValueError
from codeoutpred.evaluation.pass_at_k import pass_at_k, unbiased


@pytest.mark.parametrize("n", [1, 4, 6])
def test_it_is_the_share_of_draws_that_hold_a_right_answer(n):
    for correct, k in itertools.product(range(n + 1), range(1, n + 1)):
        draws = list(itertools.combinations([True] * correct + [False] * (n - correct), k))
        expected = sum(map(any, draws)) / len(draws)
        assert unbiased(n=n, correct=correct, k=k) == pytest.approx(expected)


@pytest.mark.parametrize(("n", "correct", "k"), [(3, 1, 4), (3, 1, 0), (3, 4, 1), (3, -1, 1)])
def test_what_cannot_be_told_is_an_error(n, correct, k):
    with pytest.raises(InvalidValueError, match="cannot be"):
        unbiased(n=n, correct=correct, k=k)


def test_an_unusable_answer_stays_in_the_denominator(make_scored):
    samples = [
        make_scored(["equal", "unparseable"], id="a"),
        make_scored(["unparseable", "wrong"], id="b", program_id="p1"),
    ]
    assert pass_at_k(samples, 1).estimate.value == 0.25
    assert pass_at_k(samples, 2).estimate.value == 0.5
    assert pass_at_k(samples, 2).estimate.programs == 2
