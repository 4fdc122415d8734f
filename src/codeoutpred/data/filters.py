"""Candidates to samples: which of them a dataset takes, decided in the order of the candidates.

Nothing here looks at a clock, a random number or a worker, so that the same candidates always
give the same samples, whether they were just executed or come out of a journal.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import zip_longest

from codeoutpred.data.candidates import Candidate
from codeoutpred.data.specification import DatasetSpec
from codeoutpred.data.split import SPLITS, Split, quotas, split_of
from codeoutpred.errors import GenerationError
from codeoutpred.records import Sample

ANSWER_SHARE = 20
"""An answer takes at most one in so many samples of a split, lest always saying it look clever."""


class Selection:
    """The samples taken so far, and the reasons why others were not.

    `rejections` counts reasons by language, `candidates` the cases looked at by language,
    `isolation` names the levels of containment that the answers were found under. On top of the
    reasons of `outcome_of` and `review` stand, in the order in which they are looked for: the
    program's own `rejection` (of its generator), `split_full` (the split of the program has all the
    samples it wants), the outcome's own reason, `duplicate` (the same source with the same
    arguments), `near_duplicate` (the same up to names, layout and comments), `over_represented`
    (the answer has its share of the split already).
    """

    def __init__(self, spec: DatasetSpec) -> None:
        self.spec = spec
        self.candidates: Counter[str] = Counter()
        self.rejections: dict[str, Counter[str]] = {name: Counter() for name in spec.languages}
        self.isolation: set[str] = set()
        self.accepted = 0
        self._quotas = quotas(spec.num_samples, spec.languages)
        self._taken: dict[tuple[str, Split], list[Sample]] = {key: [] for key in self._quotas}
        self._answers: Counter[tuple[str, str, str]] = Counter()
        self._seen: set[bytes] = set()
        self._ids: set[str] = set()
        self._split_caps = {
            split: _cap(sum(self._quotas[language, split] for language in spec.languages))
            for split in SPLITS
        }

    def wanted(self, language: str) -> int:
        """The number of samples that `language` gives when complete."""
        return sum(self._quotas[language, split] for split in SPLITS)

    def is_full(self, language: str, split: Split) -> bool:
        """Whether `split` takes no more of `language`; once full, it stays so."""
        return len(self._taken[language, split]) >= self._quotas[language, split]

    def is_complete(self, language: str) -> bool:
        """Whether every split is full for `language`."""
        return all(self.is_full(language, split) for split in SPLITS)

    def missing(self, language: str) -> dict[Split, int]:
        """The samples that `language` still owes to each split that is not full."""
        return {
            split: self._quotas[language, split] - len(self._taken[language, split])
            for split in SPLITS
            if not self.is_full(language, split)
        }

    def outlook(self, language: str) -> int:
        """The programs it takes to complete `language` if each gives a sample; at least 1."""
        wanted = self.wanted(language)
        return max(
            (
                number * wanted // self._quotas[language, split]
                for split, number in self.missing(language).items()
            ),
            default=1,
        )

    def add(self, candidate: Candidate) -> None:
        """Take what can be taken of the candidate's cases, and count the others."""
        language = candidate.program.language
        split = split_of(candidate.fingerprint)
        for number in range(len(candidate.program.cases)):
            self.candidates[language] += 1
            reason = self._consider(candidate, number, split)
            if reason:
                self.rejections[language][reason] += 1

    def samples(self, split: Split) -> list[Sample]:
        """The samples of `split`, the languages in turn, each in the order of its candidates."""
        columns = [self._taken[language, split] for language in self.spec.languages]
        return [sample for row in zip_longest(*columns) for sample in row if sample is not None]

    def _consider(self, candidate: Candidate, number: int, split: Split) -> str:
        """Take the sample of case `number`, or give the reason for leaving it out."""
        language = candidate.program.language
        if candidate.program.rejection:
            return candidate.program.rejection
        # Before all that needs a run, so that a program of a full split need not have had one.
        if self.is_full(language, split):
            return "split_full"
        outcome = candidate.outcomes[number]
        if outcome.rejection:
            return outcome.rejection
        program = candidate.program
        question = program.kind, program.cases[number].arguments
        exact, near = _digest(program.source, *question), _digest(candidate.fingerprint, *question)
        if exact in self._seen:
            return "duplicate"
        self._seen.add(exact)
        if near in self._seen:
            return "near_duplicate"
        self._seen.add(near)
        answer = outcome.answer
        if self._answers[split, "", answer] >= self._split_caps[split] or self._answers[
            split, language, answer
        ] >= _cap(self._quotas[language, split]):
            return "over_represented"
        sample = candidate.sample(number)
        if sample.id in self._ids:
            raise GenerationError(
                f"generator {self.spec.generator!r} gave two programs the id "
                f"{sample.program_id!r}; ids must differ, across languages too"
            )
        self._ids.add(sample.id)
        self._answers[split, "", answer] += 1
        self._answers[split, language, answer] += 1
        self.isolation.add(outcome.isolation)
        self._taken[language, split].append(sample)
        self.accepted += 1
        return ""


def _cap(quota: int) -> int:
    return max(1, quota // ANSWER_SHARE)


def _digest(*texts: str) -> bytes:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).digest()
