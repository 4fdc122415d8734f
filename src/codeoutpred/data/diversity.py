"""How diverse a dataset is: what a model could learn of it by heart, and what it has to compute.

    report = inspect_dataset(store, "small", default_plugins().languages)
    report.languages[0].unique_tree_rate

The samples are read once, a row group at a time. Trees and near duplicates are looked at in at
most `MOST_PROGRAMS` programs: in larger datasets in every second one, every third one, and so on.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from codeoutpred.data.near_duplicates import NearDuplicates
from codeoutpred.data.split import SPLITS
from codeoutpred.data.store import DatasetStore
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.pages import binned
from codeoutpred.protocols import Language
from codeoutpred.records import Record, Sample

FORMAT = 1
MOST_PROGRAMS = 100_000
RANDOM_SAMPLES = 5
FREQUENT_ANSWERS = 10
_LONGEST_ANSWER = 60  # characters: of longer ones, these and a digest are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution(Record):
    """Whole numbers summed up; `bins` holds pairs of a label and how many there are."""

    median: int
    percentile_95: int
    largest: int
    bins: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageDiversity(Record):
    """The diversity of the samples in one language.

    Of `examined` programs, `unique_trees` differ by more than names and layout from all the
    others, counting each tree once, and `near_duplicates` nearly repeat an earlier one.
    `answer_entropy` is in bits; `frequent_answers` pairs an answer with its samples.
    `operations` counts samples by operation and level of difficulty. `lines` and `answer_chars`
    are lengths, `steps` those of the trace, `dependent_statements` as in `Case`.
    """

    language: str
    samples: int
    programs: int
    examined: int
    unique_trees: int
    near_duplicates: int
    distinct_answers: int
    answer_entropy: float
    frequent_answers: tuple[tuple[str, int], ...]
    answer_types: Mapping[str, int]
    difficulty: Mapping[str, int]
    operations: Mapping[str, Mapping[str, int]]
    lines: Distribution
    answer_chars: Distribution
    steps: Distribution
    dependent_statements: Distribution

    @property
    def unique_tree_rate(self) -> float:
        """Different trees for each program examined."""
        return self.unique_trees / self.examined

    @property
    def near_duplicate_rate(self) -> float:
        """Near duplicates for each program examined."""
        return self.near_duplicates / self.examined


@dataclass(frozen=True, slots=True, kw_only=True)
class DiversityReport(Record):
    """The diversity of a dataset, language by language, and some of its samples, drawn by `seed`.

    `checksum` is that of the samples, as in the manifest.
    """

    name: str
    checksum: str
    seed: int
    languages: tuple[LanguageDiversity, ...]
    random_samples: tuple[Sample, ...]
    format: int = FORMAT


def inspect_dataset(
    store: DatasetStore,
    name: str,
    languages: LanguageRegistry,
    *,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> DiversityReport:
    """Measure the dataset `name`; `progress(done, total)` is called from time to time."""
    manifest = store.manifest(name)
    total = sum(counts["samples"] for counts in manifest.counts.values())
    programs = sum(counts["programs"] for counts in manifest.counts.values())
    measures = {
        language: _Measures(languages.get(language), stride=math.ceil(programs / MOST_PROGRAMS))
        for language in manifest.spec.languages
    }
    chance = random.Random(f"inspect:{seed}")
    chosen = set(chance.sample(range(total), min(RANDOM_SAMPLES, total)))
    shown = []
    for at, sample in enumerate(_all_samples(store, name)):
        measures[sample.language].add(sample)
        if at in chosen:
            shown.append(sample)
        if progress is not None and (at % 100 == 0 or at + 1 == total):
            progress(at + 1, total)
    return DiversityReport(
        name=name,
        checksum=manifest.checksum,
        seed=seed,
        languages=tuple(measure.summary() for measure in measures.values()),
        random_samples=tuple(shown),
    )


def _all_samples(store: DatasetStore, name: str) -> Iterator[Sample]:
    for split in SPLITS:
        yield from store.samples(name, split)


class _Measures:
    """What is counted of the samples in one language; trees in every `stride`-th program."""

    def __init__(self, language: Language, *, stride: int) -> None:
        self._language = language
        self._stride = stride
        self._samples = 0
        self._examined = 0
        self._programs: set[int] = set()
        self._trees: set[bytes] = set()
        self._near = NearDuplicates()
        self._answers: Counter[str] = Counter()
        self._operations: dict[str, Counter[str]] = {}
        self._counts: dict[str, Counter[Any]] = {
            name: Counter()
            for name in (
                "answer_types",
                "difficulty",
                "lines",
                "answer_chars",
                "steps",
                "dependent_statements",
            )
        }

    def add(self, sample: Sample) -> None:
        self._samples += 1
        program = hash(sample.program_id)
        if program not in self._programs:
            if len(self._programs) % self._stride == 0:
                self._examine(sample.source)
            self._programs.add(program)
        self._answers[_shortened(sample.answer)] += 1
        level = str(sample.difficulty)
        for operation in sample.operations:
            self._operations.setdefault(operation, Counter())[level] += 1
        for name, value in (
            ("answer_types", sample.answer_type),
            ("difficulty", level),
            ("lines", len(sample.source.splitlines())),
            ("answer_chars", len(sample.answer)),
            ("steps", len(sample.trace.splitlines())),
            ("dependent_statements", sample.dependent_statements),
        ):
            self._counts[name][value] += 1

    def _examine(self, source: str) -> None:
        tree = self._language.fingerprint(source)
        self._examined += 1
        self._trees.add(_digest(tree))
        self._near.add(tree)

    def summary(self) -> LanguageDiversity:
        counts = self._counts
        shares = [number / self._samples for number in self._answers.values()]
        return LanguageDiversity(
            language=self._language.name,
            samples=self._samples,
            programs=len(self._programs),
            examined=self._examined,
            unique_trees=len(self._trees),
            near_duplicates=self._near.count(),
            distinct_answers=len(self._answers),
            answer_entropy=math.fsum(share * math.log2(1 / share) for share in shares),
            frequent_answers=tuple(self._answers.most_common(FREQUENT_ANSWERS)),
            answer_types=dict(counts["answer_types"].most_common()),
            difficulty=dict(sorted(counts["difficulty"].items())),
            operations={
                name: dict(sorted(levels.items()))
                for name, levels in sorted(self._operations.items())
            },
            lines=_distribution(counts["lines"]),
            answer_chars=_distribution(counts["answer_chars"]),
            steps=_distribution(counts["steps"]),
            dependent_statements=_distribution(counts["dependent_statements"]),
        )


def _distribution(counts: Counter[int]) -> Distribution:
    total = counts.total()

    def percentile(share: float) -> int:
        """The least number with at least this share of all at or below it."""
        reached = 0
        for value in sorted(counts):
            reached += counts[value]
            if reached >= share * total:
                return value
        return 0

    end = percentile(0.95)
    tail = sum(number for value, number in counts.items() if value > end)
    most = binned({value: number for value, number in counts.items() if value <= end})
    return Distribution(
        median=percentile(0.5),
        percentile_95=end,
        largest=max(counts),
        bins=(*most, (f"more than {end}", tail)) if tail else most,
    )


def _shortened(answer: str) -> str:
    """The answer, or of a long one its beginning and a digest, to be counted in little memory."""
    if len(answer) <= _LONGEST_ANSWER:
        return answer
    return f"{answer[:_LONGEST_ANSWER]}… ({len(answer)} characters, {_digest(answer).hex()[:8]})"


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
