"""A diversity report as tables for a terminal, and as the parts of a page, with plots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from codeoutpred.data.diversity import Distribution, DiversityReport, LanguageDiversity
from codeoutpred.data.near_duplicates import SHINGLE, THRESHOLD
from codeoutpred.pages import Bars, Listing, Shown, Table
from codeoutpred.records import Sample


def diversity_tables(report: DiversityReport) -> Iterator[Table]:
    """All numbers, the languages side by side first."""
    yield _overview(report)
    for found in report.languages:
        yield _operations(found)
        yield Table(
            title=f"{found.language}: types of answer",
            columns=("type", "samples", "share"),
            rows=tuple(
                (name, str(number), _percent(number, found.samples))
                for name, number in found.answer_types.items()
            ),
        )
        yield Table(
            title=f"{found.language}: most frequent answers",
            columns=("answer", "samples", "share"),
            rows=tuple(
                (_one_line(answer), str(number), _percent(number, found.samples))
                for answer, number in found.frequent_answers
            ),
        )


def diversity_parts(report: DiversityReport) -> Iterator[Shown]:
    """What the page of a report shows, from top to bottom."""
    overview, *others = diversity_tables(report)
    yield overview
    for found in report.languages:
        for title, counts in (
            ("samples by difficulty", found.difficulty),
            ("samples by type of answer", found.answer_types),
            ("samples by operation", _totals(found)),
        ):
            yield Bars(title=f"{found.language}: {title}", rows=tuple(counts.items()))
        for title, distribution in _distributions(found):
            yield Bars(title=f"{found.language}: {title}", rows=distribution.bins)
    yield from others
    for sample in report.random_samples:
        yield sample_listing(sample)


def sample_listing(sample: Sample) -> Listing:
    """A sample for people: its source, how it is called, and the answer."""
    called = f"\n\n{sample.entry}({sample.arguments})" if sample.kind == "call" else ""
    return Listing(
        title=f"{sample.id} ({sample.language}, {sample.answer_type})",
        text=f"{sample.source}{called}\n\n=> {sample.answer}",
    )


def _overview(report: DiversityReport) -> Table:
    columns = [_overview_column(found) for found in report.languages]
    return Table(
        title=f"{report.name}: diversity",
        columns=("", *(found.language for found in report.languages)),
        rows=tuple((label, *(column[label] for column in columns)) for label in columns[0]),
        note="Trees: syntax trees with names and layout normalised. Near duplicates: programs that "
        f"share at least {THRESHOLD:.0%} of their runs of {SHINGLE} normalised tokens with an "
        "earlier one (MinHash, an estimate).",
    )


def _overview_column(found: LanguageDiversity) -> dict[str, str]:
    column = {
        "samples": str(found.samples),
        "programs": str(found.programs),
        "programs examined for trees": str(found.examined),
        "unique trees": f"{found.unique_tree_rate:.2%}",
        "near duplicates": f"{found.near_duplicate_rate:.2%}",
        "operations": str(len(found.operations)),
        "distinct answers": str(found.distinct_answers),
        "entropy of answers, bits": f"{found.answer_entropy:.2f}",
        "most frequent answer": _percent(found.frequent_answers[0][1], found.samples),
    }
    for title, numbers in _distributions(found):
        column[f"{title}: median, 95 %, most"] = (
            f"{numbers.median}, {numbers.percentile_95}, {numbers.largest}"
        )
    return column


def _operations(found: LanguageDiversity) -> Table:
    levels = list(found.difficulty)
    return Table(
        title=f"{found.language}: samples by operation and difficulty",
        columns=("operation", *levels, "share"),
        rows=tuple(
            (
                name,
                *(str(found.operations[name].get(level, 0)) for level in levels),
                _percent(total, found.samples),
            )
            for name, total in _totals(found).items()
        ),
    )


def _totals(found: LanguageDiversity) -> dict[str, int]:
    """The samples by operation, the most frequent first."""
    totals = Counter({name: sum(levels.values()) for name, levels in found.operations.items()})
    return dict(totals.most_common())


def _distributions(found: LanguageDiversity) -> tuple[tuple[str, Distribution], ...]:
    return (
        ("lines of source", found.lines),
        ("characters of answer", found.answer_chars),
        ("steps of trace", found.steps),
        ("dependent statements", found.dependent_statements),
    )


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.2%}"


def _one_line(text: str) -> str:
    return text.replace("\n", "⏎").replace("\r", "␍")
