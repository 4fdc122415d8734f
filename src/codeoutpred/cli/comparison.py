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
    from codeoutpred.pages import Table

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
    parser.add_argument("--html", type=output_file, metavar="FILE", help="write the tables as HTML")
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
        tables = report_tables(reports)
        if options.html:
            write_page(options.html, "Comparison", tables)
        if not options.json:
            print_tables(tables)
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
    from codeoutpred.evaluation.comparison import paired_difference

    for report in reports[1:]:
        for metric in ("exact_accuracy", "average_reward"):
            found = paired_difference(reports[0], report, metric)
            yield {"name": report.name, "against": reports[0].name, **found.to_dict()}


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


def report_tables(
    reports: Sequence[EvaluationReport], baselines: Sequence[EvaluationReport] = ()
) -> list[Table]:
    """All that there is to see of reports on the same samples, the comparison of all first."""
    from codeoutpred.evaluation.tables import breakdown_table, comparison_table

    tables = [comparison_table([*baselines, *reports])]
    tables += [
        breakdown_table(reports, dimension)
        for dimension in ("difficulty", "operation", "answer_type")
        if len(reports[0].group(dimension)) > 1
    ]
    if len(reports) > 1:
        tables.append(difference_table(reports))
    return tables


def write_page(path: Path, title: str, tables: Sequence[Table]) -> None:
    """The tables as an HTML page."""
    from codeoutpred.cli.terminal import write_text
    from codeoutpred.pages import html_page

    write_text(path, html_page(title, tables))


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
