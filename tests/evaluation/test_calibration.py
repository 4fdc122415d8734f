"""Confidence beside accuracy."""

from __future__ import annotations

import random

import pytest

from codeoutpred.evaluation.calibration import Calibration, calibrate


def test_the_expected_error_is_the_mean_distance_over_the_bins():
    found = calibrate([(0.95, True), (0.92, False), (0.31, False), (0.05, False)])
    assert [(row.low, row.n, row.accuracy) for row in found.bins] == [
        (0.0, 1, 0.0),
        (0.3, 1, 0.0),
        (0.9, 2, 0.5),
    ]
    assert found.expected_error == pytest.approx((0.05 + 0.31 + 2 * abs(0.935 - 0.5)) / 4)
    assert found.brier == pytest.approx((0.05**2 + 0.92**2 + 0.31**2 + 0.05**2) / 4)


def test_the_edges_fall_into_the_bin_below_and_certainty_into_the_last():
    assert [row.high for row in calibrate([(0.0, False), (0.1, False), (1.0, True)]).bins] == [
        0.1,
        1.0,
    ]


def test_a_model_that_is_right_as_often_as_it_says_is_calibrated():
    rng = random.Random(0)
    drawn = [
        (confidence, rng.random() < confidence)
        for confidence in map(rng.uniform, [0.0] * 20_000, [1.0] * 20_000)
    ]
    assert calibrate(drawn).expected_error < 0.02
    assert calibrate([(1.0, right) for _, right in drawn]).expected_error > 0.4


def test_without_confidence_there_is_nothing_to_tell():
    assert calibrate([]) == Calibration()
