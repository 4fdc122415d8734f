"""Reports on the same samples, set side by side, each held against the first.

compare([supervised, reinforced]).tables()
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from codeoutpred.evaluation.figures import DRAWN, group_shares
from codeoutpred.evaluation.paired import mcnemar, paired_difference
from codeoutpred.evaluation.report import (
    SCHEMA_VERSION,
    EvaluationReport,
    require_same_samples,
)
from codeoutpred.evaluation.tables import comparison_table
from codeoutpred.pages import Table


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Reports on the same samples; see `compare`."""

    reports: tuple[EvaluationReport, ...]

    @cached_property
    def differences(self) -> tuple[dict[str, Any], ...]:
        """How each later report differs from the first one, a row a metric, as plain values."""
        return tuple(_differences(self.reports))

    def table(self) -> Table:
        """The paired differences, a row a report."""
        cells = list(map(_difference_cell, self.differences))
        names = [report.name for report in self.reports[1:]]
        return Table(
            title=f"paired differences with: {self.reports[0].name}",
            columns=("", "exact accuracy", "average reward"),
            rows=tuple(zip(names, cells[::2], cells[1::2])),
            note="Exact accuracy in percentage points; in brackets the 95 % interval.",
        )

    def tables(self) -> list[Table]:
        """The reports side by side, and of several the paired differences."""
        first = comparison_table(self.reports)
        return [first, self.table()] if len(self.reports) > 1 else [first]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON: metrics and groups, a row a report."""
        first = self.reports[0].metrics
        return {
            "schema_version": SCHEMA_VERSION,
            "n": first.n,
            "programs": first.exact_accuracy.programs,
            "reports": [
                {
                    "name": report.name,
                    "settings": dict(report.settings),
                    "metrics": report.metrics.to_dict(),
                    "groups": [group.to_dict() for group in report.groups],
                }
                for report in self.reports
            ],
        }

    def _repr_html_(self) -> str:
        """The tables and the accuracy by group, for notebooks."""
        groups = {report.name: report.groups for report in self.reports}
        figures = [group_shares(dimension, groups) for dimension in DRAWN]
        shown = [table.html() for table in self.tables()]
        return "\n".join([*shown, *(figure.html() for figure in figures if figure)])


def compare(reports: Sequence[EvaluationReport]) -> Comparison:
    """The comparison of reports; `InvalidValueError` unless all are on the same samples."""
    require_same_samples(reports)
    return Comparison(reports=tuple(reports))


def _differences(reports: Sequence[EvaluationReport]) -> Iterator[dict[str, Any]]:
    for report in reports[1:]:
        for metric in ("exact_accuracy", "average_reward"):
            found = paired_difference(reports[0], report, metric)
            row = {"name": report.name, "against": reports[0].name, **found.to_dict()}
            if metric == "exact_accuracy":
                row["mcnemar"] = mcnemar(reports[0], report).to_dict()
            yield row


def _difference_cell(found: dict[str, Any]) -> str:
    scale, digits = (100, 1) if found["metric"] == "exact_accuracy" else (1, 2)
    value, low, high = (f"{scale * found[part]:+.{digits}f}" for part in ("value", "low", "high"))
    return f"{value} ({low} to {high})"
