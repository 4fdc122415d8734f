"""The command `compare`, and how reports are shown: tables, HTML, paired differences."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeoutpred.cli.arguments import add_command, add_json, output_file
from codeoutpred.errors import InvalidValueError

if TYPE_CHECKING:
    from codeoutpred.cli.arguments import Commands
    from codeoutpred.evaluation.report import EvaluationReport
    from codeoutpred.pages import Curves, Table

UNTRAINED = "untrained model"
STAGES = (UNTRAINED, "supervised", "reinforced")
"""The reports of a run in the order in which they were made, each greedy, then sampled."""


def add_commands(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(
        commands, "compare", compare_runs, "set evaluations side by side, with paired differences"
    )
    parser.add_argument(
        "runs",
        type=Path,
        nargs="+",
        metavar="RUN",
        help="a file of evaluate --json, or the folder of a full-pipeline run",
    )
    parser.add_argument("--html", type=output_file, metavar="FILE", help="write a page as HTML")
    add_json(parser)


def compare_runs(options: Namespace) -> int:
    """Print all reports of the runs side by side, and how each differs from the first."""
    from codeoutpred.cli.terminal import print_json
    from codeoutpred.evaluation.comparison import compare

    reports = [
        report if len(options.runs) == 1 else replace(report, name=f"{run}: {report.name}")
        for run in options.runs
        for report in read_run(run)
    ]
    if len(reports) < 2:
        raise InvalidValueError(f"{options.runs[0]} holds one report only; name another run")
    if options.json:
        print_json({**compare(reports), "differences": list(differences(reports))})
    if options.html or not options.json:
        summary = summary_tables(reports)
        if options.html:
            from codeoutpred.evaluation.training_curves import run_curves

            curves = [curve for run in options.runs for curve in run_curves(run)]
            write_page(options.html, "Comparison", reports, summary, curves)
        if not options.json:
            print_tables(report_tables(reports, summary))
    return 0


def read_run(run: Path) -> list[EvaluationReport]:
    """The reports of a run's folder or of a file; `InvalidValueError` where there are none."""
    from codeoutpred.evaluation.report import load_report, load_reports

    if not run.is_dir():
        return load_reports(run)
    reports = [load_report(path) for path in sorted((run / "evaluation").glob("*.json"))]
    if not reports:
        raise InvalidValueError(
            f"{run} holds no evaluation; name the folder of a full-pipeline run, or a file "
            "that evaluate --json wrote"
        )
    return sorted(reports, key=_by_stage)


def differences(reports: Sequence[EvaluationReport]) -> Iterator[dict[str, Any]]:
    """How each report differs from the first one, on the same samples, a metric at a time."""
    from codeoutpred.evaluation.comparison import mcnemar, paired_difference

    for report in reports[1:]:
        for metric in ("exact_accuracy", "average_reward"):
            found = paired_difference(reports[0], report, metric)
            row = {"name": report.name, "against": reports[0].name, **found.to_dict()}
            if metric == "exact_accuracy":
                row["mcnemar"] = mcnemar(reports[0], report).to_dict()
            yield row


def difference_table(reports: Sequence[EvaluationReport]) -> Table:
    """The paired differences as a table."""
    from codeoutpred.pages import Table

    cells = [_difference_cell(found) for found in differences(reports)]
    names = [report.name for report in reports[1:]]
    return Table(
        title=f"paired differences with: {reports[0].name}",
        columns=("", "exact accuracy", "average reward"),
        rows=tuple(zip(names, cells[::2], cells[1::2])),
        note="Exact accuracy in percentage points; in brackets the 95 % interval.",
    )


def summary_tables(
    reports: Sequence[EvaluationReport], baselines: Sequence[EvaluationReport] = ()
) -> list[Table]:
    """Reports on the same samples side by side, and of several the paired differences."""
    from codeoutpred.evaluation.tables import comparison_table

    tables = [comparison_table([*baselines, *reports])]
    return [*tables, difference_table(reports)] if len(reports) > 1 else tables


def report_tables(reports: Sequence[EvaluationReport], summary: Sequence[Table]) -> list[Table]:
    """All that a terminal shows: the summary, and accuracy by group before its differences."""
    from codeoutpred.evaluation.tables import breakdown_table

    groups = [
        breakdown_table(reports, dimension)
        for dimension in ("difficulty", "operation", "answer_type")
        if len(reports[0].group(dimension)) > 1
    ]
    return [summary[0], *groups, *summary[1:]]


def write_page(
    path: Path,
    title: str,
    reports: Sequence[EvaluationReport],
    summary: Sequence[Table],
    curves: Sequence[Curves] = (),
) -> None:
    """The reports as a page of their own."""
    from codeoutpred.cli.terminal import write_text
    from codeoutpred.evaluation.page import report_page

    write_text(path, report_page(title, reports, tables=summary, curves=curves))


def print_tables(tables: Sequence[Table]) -> None:
    """The tables on standard output: by rich in a terminal, as plain text elsewhere."""
    from codeoutpred.cli.terminal import print_table
    from codeoutpred.pages.terminal import rich_table

    for table in tables:
        if sys.stdout.isatty():
            print_table(rich_table(table))
        else:
            print(f"{table.text()}\n")


def _difference_cell(found: dict[str, Any]) -> str:
    scale, digits = (100, 1) if found["metric"] == "exact_accuracy" else (1, 2)
    value, low, high = (f"{scale * found[part]:+.{digits}f}" for part in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def _by_stage(report: EvaluationReport) -> tuple[bool, int, str]:
    stage, _, rest = report.name.partition(", ")
    return bool(rest), STAGES.index(stage) if stage in STAGES else len(STAGES), report.name
