"""Whether a model that is sure is right: its confidence beside its accuracy.

>>> calibrate([(0.9, True), (0.9, True), (0.8, False)]).expected_error.__round__(3)
0.333
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from codeoutpred.records import Record

BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBin(Record):
    """The predictions with a confidence above `low` up to `high`, and their means."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration(Record):
    """The bins that hold any of the `n` predictions with a confidence, lowest first.

    `expected_error` is the expected calibration error, the mean over predictions of the distance
    between the accuracy and the mean confidence of their bin (Guo et al. 2017, eq. 3);
    `brier` the mean squared distance of confidence and outcome. None where there is no confidence.
    """

    n: int = 0
    expected_error: float | None = None
    brier: float | None = None
    bins: tuple[CalibrationBin, ...] = ()


def calibrate(outcomes: Iterable[tuple[float, bool]]) -> Calibration:
    """The calibration of (confidence, whether right), in ten bins of equal width."""
    members: dict[int, list[tuple[float, bool]]] = {}
    for confidence, is_right in outcomes:
        at = next(at for at in range(BINS) if confidence <= (at + 1) / BINS or at == BINS - 1)
        members.setdefault(at, []).append((confidence, is_right))
    n = sum(map(len, members.values()))
    if not n:
        return Calibration()
    bins = tuple(
        CalibrationBin(
            low=at / BINS,
            high=(at + 1) / BINS,
            n=len(rows),
            confidence=sum(confidence for confidence, _ in rows) / len(rows),
            accuracy=sum(is_right for _, is_right in rows) / len(rows),
        )
        for at, rows in sorted(members.items())
    )
    return Calibration(
        n=n,
        expected_error=sum(row.n * abs(row.accuracy - row.confidence) for row in bins) / n,
        brier=sum((c - is_right) ** 2 for rows in members.values() for c, is_right in rows) / n,
        bins=bins,
    )
