"""The record of one evaluation: metrics, groups and a score a sample, kept as JSON.

What is written comes back equal:

    save_report(report, Path("tiny.json"))
    load_report(Path("tiny.json")) == report
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typing_extensions import Self

from codeoutpred.errors import InvalidValueError, storage_errors
from codeoutpred.evaluation.groups import Group
from codeoutpred.evaluation.metrics import Metrics, Score
from codeoutpred.records import Record

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationReport(Record):
    """What one predictor reached on one set of samples; `scores` stand in the samples' order."""

    name: str
    metrics: Metrics
    groups: tuple[Group, ...]
    scores: tuple[Score, ...]
    schema_version: int = SCHEMA_VERSION

    def group(self, dimension: str) -> dict[str, Metrics]:
        """The metrics of each group of a dimension (`difficulty`, `operation`, `harder`, ...)."""
        return {group.name: group.metrics for group in self.groups if group.dimension == dimension}

    @property
    def harder(self) -> Metrics | None:
        """The metrics of the harder group (see `is_harder`); None where no sample is in it."""
        return next(iter(self.group("harder").values()), None)

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        """The report of a dictionary made by `to_dict`, of this schema version only."""
        found = row.get("schema_version")
        if found != SCHEMA_VERSION:
            raise InvalidValueError(
                f"the report has schema version {found}, and {SCHEMA_VERSION} is what can be read "
                "here; evaluate again"
            )
        # Not the bare super(): slots=True makes a second class, which that would miss.
        return super(EvaluationReport, cls).from_dict(row)


def save_report(report: EvaluationReport, path: Path) -> None:
    """Write the report as JSON; the file is replaced whole or not at all."""
    text = json.dumps(report.to_dict(), ensure_ascii=False, allow_nan=False, indent=1)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with storage_errors(str(path)):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_text(text + "\n", encoding="utf-8", errors="surrogatepass")
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


def load_report(path: Path) -> EvaluationReport:
    """The report in a file; `InvalidValueError` names the file where there is none in it."""
    try:
        row = json.loads(path.read_text(encoding="utf-8", errors="surrogatepass"))
        if not isinstance(row, dict):
            raise InvalidValueError("not a JSON object")
        return EvaluationReport.from_dict(row)
    except FileNotFoundError as error:
        raise InvalidValueError(f"{path} does not exist; give a report's JSON file") from error
    except (InvalidValueError, TypeError, ValueError) as error:
        raise InvalidValueError(f"{path} is no evaluation report: {error}") from error
