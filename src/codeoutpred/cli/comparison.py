"""The command `compare`, and how reports are shown: tables, HTML, paired differences."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from codeoutpred.cli.arguments import add_command, add_json
from codeoutpred.cli.values import output_file
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
    comparison = compare(reports)
    if options.json:
        print_json({**comparison.to_dict(), "differences": list(comparison.differences)})
    if options.html or not options.json:
        summary = comparison.tables()
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


def summary_tables(
    reports: Sequence[EvaluationReport], baselines: Sequence[EvaluationReport] = ()
) -> list[Table]:
    """Reports on the same samples side by side, and of several the paired differences."""
    from codeoutpred.evaluation.tables import comparison_table

    tables = [comparison_table([*baselines, *reports])]
    if len(reports) > 1:
        from codeoutpred.evaluation.comparison import compare

        tables.append(compare(reports).table())
    return tables


def report_tables(reports: Sequence[EvaluationReport], summary: Sequence[Table]) -> list[Table]:
    """All that a terminal shows: the summary, and between it and its differences the details."""
    from codeoutpred.evaluation.tables import detail_tables

    return [summary[0], *detail_tables(reports), *summary[1:]]


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
    if not sys.stdout.isatty():
        print("".join(f"{table.text()}\n\n" for table in tables), end="")
        return
    from codeoutpred.cli.terminal import print_table
    from codeoutpred.pages.terminal import rich_table

    for table in tables:
        print_table(rich_table(table))


def _by_stage(report: EvaluationReport) -> tuple[bool, int, str]:
    stage, _, rest = report.name.partition(", ")
    return bool(rest), STAGES.index(stage) if stage in STAGES else len(STAGES), report.name
