"""Reports as one page: numbers with intervals, figures, and every prediction to look at.

Path("report.html").write_text(report_page("Evaluation", reports), encoding="utf-8")
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from codeoutpred.evaluation.figures import DRAWN, group_shares, key_numbers
from codeoutpred.evaluation.report import EvaluationReport, require_same_samples
from codeoutpred.evaluation.scores import ScoredSample
from codeoutpred.evaluation.tables import settings_table
from codeoutpred.pages import (
    SCRIPTS,
    Curves,
    Lead,
    PredictionTable,
    Section,
    Shares,
    Shown,
    ShownPrediction,
    ShownSample,
    Table,
    html_page,
)

_BINS = 10


def report_page(
    title: str,
    reports: Sequence[EvaluationReport],
    *,
    tables: Sequence[Table] = (),
    curves: Sequence[Curves] = (),
) -> str:
    """The page of reports on the same samples, side by side; `tables` stand before the figures.

    It loads nothing. Its predictions are those of `prediction_table`.
    """
    require_same_samples(reports)
    return html_page(title, _parts(reports, tables, curves), scripts=SCRIPTS)


def prediction_table(reports: Sequence[EvaluationReport]) -> PredictionTable:
    """Every prediction of the reports, those of one sample side by side."""
    first = reports[0]
    places = {sample.id: at for at, sample in enumerate(first.samples)}
    return PredictionTable(
        models=tuple(report.name for report in reports),
        programs=first.sources,
        samples=tuple(_shown_sample(sample) for sample in first.samples),
        predictions=tuple(
            tuple(
                ShownPrediction(
                    sample=places[sample.id],
                    text=row.text,
                    answer=row.answer,
                    match=row.match,
                    reason=row.reason,
                    error=row.error,
                    reward=row.reward,
                    similarity=row.similarity,
                    confidence=row.confidence,
                )
                for sample in report.samples
                for row in sample.predictions
            )
            for report in reports
        ),
    )


def _parts(
    reports: Sequence[EvaluationReport], tables: Sequence[Table], curves: Sequence[Curves]
) -> Iterator[Shown]:
    first = reports[0]
    yield Lead(
        text=f"{', '.join(report.name for report in reports)}: {first.metrics.n:,} predictions for "
        f"{len(first.samples):,} samples of {first.metrics.exact_accuracy.programs:,} programs."
    )
    if len(reports) == 1:
        yield key_numbers(first.metrics)
    if tables and (len(reports) > 1 or len(tables[0].rows) > 1):
        yield Section(title="Results", parts=tuple(tables))
    yield Section(title="Figures", parts=tuple(_figures(reports)), in_columns=True)
    if curves:
        yield Section(title="Training", parts=tuple(curves), in_columns=True)
    settings = settings_table(reports)
    if settings.rows:
        yield Section(title="To cite", parts=(settings,))
    yield Section(title="Predictions", parts=(prediction_table(reports),))


def _figures(reports: Sequence[EvaluationReport]) -> Iterator[Shown]:
    groups = {report.name: report.groups for report in reports}
    for dimension in DRAWN:
        figure = group_shares(dimension, groups)
        if figure is not None:
            yield figure
    passing = _passing(reports)
    if len(passing.rows) > 1:
        yield passing
    yield _rewards(reports)
    mistakes = _mistakes(reports)
    if mistakes.rows:
        yield mistakes
    if any(report.calibration.n for report in reports):
        yield _calibration(reports)


def _passing(reports: Sequence[EvaluationReport]) -> Shares:
    found = [{row.k: row.estimate for row in report.pass_at_k} for report in reports]
    every = sorted({k for rows in found for k in rows})
    return Shares(
        title="pass@k: one of k answers is right",
        series=_names(reports),
        rows=tuple(
            (
                f"k = {k}",
                "",
                tuple(
                    (rows[k].value, rows[k].low, rows[k].high) if k in rows else (None, None, None)
                    for rows in found
                ),
            )
            for k in every
        ),
        note="Estimated without bias from all answers to a sample.",
    )


def _rewards(reports: Sequence[EvaluationReport]) -> Shares:
    """How often each reward was given; of many different ones, in bins of equal width."""
    given = [[row.reward for row in report.predictions()] for report in reports]
    known = [reward for rewards in given for reward in rewards if reward is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    binned = len(set(known)) > _BINS
    width = (high - low) / _BINS

    def place(reward: float | None) -> tuple[int, float]:
        if reward is None:
            return 1, 0.0
        return 0, min(int((reward - low) / width), _BINS - 1) if binned else reward

    def label(at: tuple[int, float]) -> str:
        if at[0]:
            return "not judged"
        if not binned:
            return f"{at[1]:g}"
        return f"{low + at[1] * width:.3g} to {low + (at[1] + 1) * width:.3g}"

    places = [list(map(place, rewards)) for rewards in given]
    names = [label(at) for at in sorted({at for found in places for at in found})]
    return _counted("Rewards", reports, [Counter(map(label, found)) for found in places], names)


def _mistakes(reports: Sequence[EvaluationReport]) -> Shares:
    total = sum((Counter(report.errors) for report in reports), Counter())
    counts = [
        Counter({error.replace("_", " "): number for error, number in report.errors.items()})
        for report in reports
    ]
    names = [error.replace("_", " ") for error, _ in total.most_common()]
    return _counted("Kinds of mistakes", reports, counts, names)


def _counted(
    title: str,
    reports: Sequence[EvaluationReport],
    counts: Sequence[Counter[str]],
    names: Sequence[str],
) -> Shares:
    return Shares(
        title=title,
        series=_names(reports),
        rows=tuple(
            (
                name,
                f"{counts[0][name]:,}" if len(counts) == 1 else "",
                tuple(
                    (count[name] / report.metrics.n, None, None)
                    for count, report in zip(counts, reports, strict=True)
                ),
            )
            for name in names
        ),
        note="Share of all predictions.",
        bars=True,
    )


def _calibration(reports: Sequence[EvaluationReport]) -> Curves:
    known = [report for report in reports if report.calibration.n]
    return Curves(
        title="Calibration",
        x="confidence",
        y="accuracy",
        series=tuple(
            (report.name, tuple((row.confidence, row.accuracy) for row in report.calibration.bins))
            for report in known
        ),
        span=(0.0, 1.0, 0.0, 1.0),
        diagonal=True,
        note="Ten bins of confidence; on the dashed line a model is as often right as it is sure.\n"
        + "\n".join(
            f"{report.name}: expected calibration error {report.calibration.expected_error:.3f}, "
            f"Brier score {report.calibration.brier:.3f}, {report.calibration.n:,} predictions."
            for report in known
        ),
    )


def _names(reports: Sequence[EvaluationReport]) -> tuple[str, ...]:
    return tuple(report.name for report in reports)


def _shown_sample(sample: ScoredSample) -> ShownSample:
    return ShownSample(
        id=sample.id,
        program=sample.source,
        language=sample.language,
        kind=sample.kind,
        difficulty=str(sample.difficulty),
        answer_type=sample.answer_type,
        call=f"{sample.entry}({sample.arguments})" if sample.kind == "call" else "",
        expected=sample.expected,
    )
