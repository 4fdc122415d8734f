"""The intervals: right where samples share a program, and the textbook's where they do not."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeoutpred.evaluation.estimates import (
    Estimate,
    mean_estimate,
    rate_estimate,
    ratio_estimate,
)


def alone(outcomes):
    """Each outcome in a program of its own."""
    return [(str(i), outcome) for i, outcome in enumerate(outcomes)]


def test_with_one_sample_a_program_the_interval_is_wilsons():
    estimate = rate_estimate(alone([True] * 8 + [False] * 2))
    assert (estimate.low, estimate.high) == pytest.approx((0.4902, 0.9433), abs=1e-4)


def test_a_perfect_rate_has_wilsons_lower_bound():
    z = 1.959964
    estimate = rate_estimate(alone([True] * 10))
    assert estimate.low == pytest.approx(1 / (1 + z * z / 10), abs=1e-6)
    assert (estimate.value, estimate.high) == (1.0, 1.0)


def test_copies_of_a_programs_outcome_add_no_certainty():
    outcomes = [i % 3 == 0 for i in range(60)]
    single = rate_estimate(alone(outcomes))
    copied = rate_estimate(alone(outcomes) * 8)
    assert copied.n == 8 * single.n
    assert copied.high - copied.low == pytest.approx(single.high - single.low, rel=0.05)


def test_a_variance_measured_on_few_programs_is_trusted_less():
    outcomes = [True, True, False, False, False]
    single = rate_estimate(alone(outcomes))
    copied = rate_estimate(alone(outcomes) * 20)
    assert copied.low < single.low
    assert copied.high > single.high


def test_a_perfect_rate_over_few_programs_is_as_uncertain_as_those_few():
    few = rate_estimate([(f"p{i % 3}", True) for i in range(300)])
    assert few.low == pytest.approx(rate_estimate(alone([True] * 3)).low)


def test_a_single_program_leaves_a_rate_wide_open():
    estimate = rate_estimate([("p", True), ("p", False)] * 50)
    assert estimate.high - estimate.low > 0.7


def test_the_mean_has_students_interval():
    # scipy.stats.t.interval(0.95, 4, loc=3, scale=(2.5 / 5) ** 0.5): 1.0368 to 4.9632
    estimate = mean_estimate(alone([1.0, 2.0, 3.0, 4.0, 5.0]))
    assert estimate.value == 3.0
    assert (estimate.low, estimate.high) == pytest.approx((1.0368, 4.9632), abs=2e-3)


def test_the_mean_of_a_single_program_has_no_interval():
    assert mean_estimate([("p", 1.0), ("p", 3.0)]) == Estimate(value=2.0, n=2, programs=1)


def test_a_ratio_weighs_by_its_denominators():
    assert ratio_estimate([("a", 1.0, 1.0), ("b", 9.0, 9.0), ("c", 0.0, 10.0)]).value == 0.5


def test_a_constant_ratio_is_certain():
    estimate = ratio_estimate([("a", 1.0, 2.0), ("b", 3.0, 6.0)])
    assert (estimate.low, estimate.high) == (0.5, 0.5)


def test_nothing_measured_has_no_value():
    assert rate_estimate([]) == mean_estimate([]) == Estimate()


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans()), min_size=1))
def test_a_rate_lies_within_its_interval_and_that_within_zero_and_one(outcomes):
    estimate = rate_estimate(outcomes)
    assert 0.0 <= estimate.low <= estimate.value <= estimate.high <= 1.0
    assert estimate.value == pytest.approx(sum(o for _, o in outcomes) / len(outcomes))
    assert (estimate.n, estimate.programs) == (len(outcomes), len({p for p, _ in outcomes}))


def test_intervals_cover_the_truth_where_samples_of_a_program_go_together():
    """Programs of 1 to 8 samples that mostly succeed or fail as one, true rate 0.5."""
    rng = random.Random(0)
    covered = covered_mean = 0
    trials = 400
    for _ in range(trials):
        rows = []
        for program in range(40):
            chance = rng.betavariate(0.5, 0.5)
            size = rng.choice((1, 4, 8))
            rows += [(str(program), rng.random() < chance) for _ in range(size)]
        rate = rate_estimate(rows)
        mean = mean_estimate([(program, float(outcome)) for program, outcome in rows])
        covered += rate.low <= 0.5 <= rate.high
        covered_mean += mean.low <= 0.5 <= mean.high
    noise = 3 * math.sqrt(0.95 * 0.05 / trials)
    assert covered / trials > 0.95 - noise
    assert covered_mean / trials > 0.95 - noise
