"""A manifest as tables: for the dataset card and for notebooks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from codeoutpred.data.split import SPLITS
from codeoutpred.pages import Table

if TYPE_CHECKING:
    from codeoutpred.data.manifest import Manifest

_TITLES = {
    "difficulty": "Samples by difficulty",
    "answer_type": "Samples by type of answer",
    "language": "Samples by language",
    "kind": "Samples by kind",
}
_WIDTH = 20
"""The characters of the longest bar of a histogram."""


def summary_tables(manifest: Manifest) -> Iterator[Table]:
    """Counts, histograms, sources, what was left out, and what the programs were run by."""
    counts = manifest.counts
    yield Table(
        title="Samples",
        columns=("split", "samples", "programs"),
        rows=tuple(
            (split, str(counts[split]["samples"]), str(counts[split]["programs"]))
            for split in SPLITS
        ),
    )
    for dimension in _TITLES:
        yield _histogram(manifest, dimension)
    yield Table(
        title="Sources",
        columns=("generator", "samples", "candidates", "licences", "origin"),
        rows=tuple(
            (
                source.generator,
                str(source.samples),
                str(source.candidates),
                ", ".join(source.licences),
                source.origin or "not told",
            )
            for source in manifest.sources
        ),
    )
    yield _left_out(manifest)
    yield Table(
        title="Run by",
        columns=("language", "toolchain", "isolation"),
        rows=tuple(
            (name, version, manifest.isolation) for name, version in manifest.toolchains.items()
        ),
    )


def _histogram(manifest: Manifest, dimension: str) -> Table:
    """How many samples of each split have each value, and what share of all."""
    splits = {split: Counter(manifest.counts[split][dimension]) for split in SPLITS}
    total: Counter[str] = sum(splits.values(), Counter())
    everything, most = sum(total.values()), max(total.values(), default=1)
    ordered = dimension == "difficulty"  # the others by number
    values = sorted(total, key=int) if ordered else [value for value, _ in total.most_common()]
    return Table(
        title=_TITLES[dimension],
        columns=(dimension.replace("_", " "), *SPLITS, "share", ""),
        rows=tuple(
            (
                value,
                *(str(splits[split][value]) for split in SPLITS),
                f"{100 * total[value] / everything:.1f} %",
                "█" * max(1, round(_WIDTH * total[value] / most)),
            )
            for value in values
        ),
    )


def _left_out(manifest: Manifest) -> Table:
    """Why candidates are no samples, by language, and by source where there are several."""
    languages = list(manifest.spec.languages)
    sources = manifest.sources if len(manifest.sources) > 1 else ()
    reasons = sorted({reason for table in manifest.rejections.values() for reason in table})
    return Table(
        title="Left out",
        columns=("reason", *languages, *(source.generator for source in sources)),
        rows=tuple(
            (
                reason,
                *(str(manifest.rejections[name].get(reason, 0)) for name in languages),
                *(str(source.rejections.get(reason, 0)) for source in sources),
            )
            for reason in reasons
        ),
    )
