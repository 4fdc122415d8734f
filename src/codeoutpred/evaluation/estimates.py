"""95 % intervals that stay right where several samples share a program.

Samples of one program are alike, so the unit that varies is the program, not the sample. All
intervals start from the cluster-robust (linearised, "sandwich") variance of a ratio of sums
over programs; see Cochran, Sampling Techniques, 3rd ed., chapters 6 and 9A.

    >>> rate_estimate([("p", 1), ("p", 1), ("q", 0), ("r", 1)]).value
    0.75
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codeoutpred.records import Record

_Z = 1.9599639845400536  # the 97.5 % quantile of the normal distribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate(Record):
    """A measured number with its 95 % interval, over `n` samples of `programs` programs.

    `value` is None where nothing was measured; `low` and `high` are None where there is no
    interval (a mean over a single program).
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    programs: int = 0


def rate_estimate(outcomes: Iterable[tuple[str, bool]]) -> Estimate:
    """The share of true outcomes, each given with the id of its program."""
    return pooled_rate((program, int(outcome), 1) for program, outcome in outcomes)


def pooled_rate(rows: Iterable[tuple[str, int, int]]) -> Estimate:
    """The share of true outcomes, each row (program, true outcomes, outcomes).

    The interval is Wilson's with the effective number of samples of Korn and Graubard (1998):
    as many independent samples as would have the variance found, at most `n`, scaled by the
    ratio of t quantiles; the number of programs where all outcomes are the same and there is no
    variance to find. With one sample a program this is the plain Wilson interval.
    """
    rows = list(rows)
    n = sum(count for _, _, count in rows)
    if n == 0:
        return Estimate()
    rate, variance, programs = _ratio(rows)
    effective = float(programs)
    if variance is not None and 0.0 < rate < 1.0:
        effective = min(n, rate * (1 - rate) / variance + 1) if variance else n
        effective *= (_t_quantile(n - 1) / _t_quantile(programs - 1)) ** 2
    denominator = 1 + _Z**2 / effective
    centre = (rate + _Z**2 / (2 * effective)) / denominator
    spread = math.sqrt(rate * (1 - rate) / effective + (_Z / (2 * effective)) ** 2)
    half = _Z * spread / denominator
    return Estimate(
        value=rate,
        low=min(rate, max(0.0, centre - half)),
        high=max(rate, min(1.0, centre + half)),
        n=n,
        programs=programs,
    )


def ratio_estimate(rows: Iterable[tuple[str, float, float]]) -> Estimate:
    """The ratio of two sums (nats to tokens), each row (program, numerator, denominator).

    The interval is that of Student's t with one degree of freedom less than programs.
    """
    rows = list(rows)
    return _ratio_with_interval(rows, len(rows))


def mean_estimate(values: Iterable[tuple[str, float]]) -> Estimate:
    """The mean of values, each given with the id of its program."""
    return pooled_mean((program, value, 1) for program, value in values)


def pooled_mean(rows: Iterable[tuple[str, float, int]]) -> Estimate:
    """The mean of values, each row (program, sum of values, number of values)."""
    rows = [row for row in rows if row[2]]
    return _ratio_with_interval(rows, sum(count for _, _, count in rows))


def _ratio_with_interval(rows: Sequence[tuple[str, float, float]], n: int) -> Estimate:
    if not rows:
        return Estimate()
    ratio, variance, programs = _ratio(rows)
    if variance is None:
        return Estimate(value=ratio, n=n, programs=programs)
    half = _t_quantile(programs - 1) * math.sqrt(variance)
    return Estimate(value=ratio, low=ratio - half, high=ratio + half, n=n, programs=programs)


def _ratio(rows: Iterable[tuple[str, float, float]]) -> tuple[float, float | None, int]:
    """The ratio of sums, its cluster-robust variance (None for one program), the programs."""
    sums: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for program, numerator, denominator in rows:
        sums[program][0] += numerator
        sums[program][1] += denominator
    whole = math.fsum(pair[1] for pair in sums.values())
    ratio = math.fsum(pair[0] for pair in sums.values()) / whole
    count = len(sums)
    if count == 1:
        return ratio, None, count
    squares = math.fsum((top - ratio * bottom) ** 2 for top, bottom in sums.values())
    return ratio, count / (count - 1) * squares / whole**2, count


def _t_quantile(degrees: int) -> float:
    """The 97.5 % quantile of Student's t (Abramowitz and Stegun 26.7.5; 1 % off at 2 degrees)."""
    z = _Z
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return math.fsum(term / degrees**power for power, term in enumerate(terms))
