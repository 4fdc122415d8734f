"""Metrics and groups drawn: key numbers, a table, and shares with their intervals.

figure = group_shares("difficulty", {"small": report.groups, "large": other.groups})
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from codeoutpred.evaluation.estimates import Estimate
from codeoutpred.evaluation.groups import Group
from codeoutpred.evaluation.metrics import Metrics
from codeoutpred.pages import Interval, KeyNumbers, Shares, Table

DRAWN = ("difficulty", "answer_type", "language", "kind", "operation")
"""The dimensions that a page shows, where they have more than one group."""

_INTERVALS = "Lines, and the numbers behind: 95 % intervals, clustered by program."


def key_numbers(metrics: Metrics) -> KeyNumbers:
    """What to read first of one report."""
    return KeyNumbers(rows=tuple(_numbers(metrics)))


def metrics_table(title: str, metrics: Metrics) -> Table:
    """The same numbers as a table, for notebooks."""
    return Table(
        title=title,
        columns=("", "value", "95 % interval"),
        rows=tuple(
            (what, value, below.removeprefix("95 %: ")) for what, value, below in _numbers(metrics)
        ),
        note=f"{metrics.n:,} predictions; intervals are clustered by program.",
    )


def group_shares(dimension: str, groups: Mapping[str, Sequence[Group]]) -> Shares | None:
    """Exact accuracy by group of a dimension, a series a report; None with fewer than two."""
    found = {
        name: {group.name: group.metrics for group in rows if group.dimension == dimension}
        for name, rows in groups.items()
    }
    names = list(dict.fromkeys(name for rows in found.values() for name in rows))
    if len(names) < 2:
        return None
    first = next(iter(found.values()))
    return Shares(
        title=f"Exact accuracy by {dimension.replace('_', ' ')}",
        series=tuple(found),
        rows=tuple(
            (
                name,
                f"{first[name].n:,}" if name in first else "",
                tuple(_interval(rows.get(name)) for rows in found.values()),
            )
            for name in names
        ),
        note=_INTERVALS,
    )


def _numbers(metrics: Metrics) -> list[tuple[str, str, str]]:
    rows = [
        ("exact accuracy", metrics.exact_accuracy, 100.0, " %"),
        ("same text", metrics.strict_accuracy, 100.0, " %"),
        ("close or better", metrics.close_accuracy, 100.0, " %"),
        ("no answer", metrics.unparseable, 100.0, " %"),
        ("average reward", metrics.average_reward, 1.0, ""),
        ("loss, nats a token", metrics.loss, 1.0, ""),
    ]
    return [
        (what, *_shown(estimate, scale, unit))
        for what, estimate, scale, unit in rows
        if estimate.value is not None
    ]


def _shown(estimate: Estimate, scale: float, unit: str) -> tuple[str, str]:
    digits = 1 if unit else 2
    value = f"{scale * (estimate.value or 0):.{digits}f}{unit}"
    if estimate.low is None or estimate.high is None:
        return value, ""
    return value, f"95 %: {scale * estimate.low:.{digits}f} to {scale * estimate.high:.{digits}f}"


def _interval(metrics: Metrics | None) -> Interval:
    if metrics is None:
        return None, None, None
    found = metrics.exact_accuracy
    return found.value, found.low, found.high
