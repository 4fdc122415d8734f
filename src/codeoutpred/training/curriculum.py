"""Which prompts come next: all in turn, or rather those that the model gets right half the time.

>>> from codeoutpred.training.curriculum import open_share
>>> open_share(0.5), open_share(1.0)
(1.0, 0.0)
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from codeoutpred.records import Sample

RARELY = 0.1
"""The chance that a prompt is taken which the model always or never gets right: it may change."""
PRIOR = 2.0
"""What a prompt's level counts for beside its own completions, in completions."""
KEPT = 0.5
"""What is kept of earlier counts when new completions are judged: the model changes."""


def open_share(pass_rate: float) -> float:
    """How much the outcome is open: 4 p (1 - p), the variance of a right-or-wrong reward, scaled.

    A group of equal rewards teaches nothing, and this is what the advantages of the others grow
    with.
    """
    return 4 * pass_rate * (1 - pass_rate)


class PromptPool:
    """The prompts of a training, with their samples, and how often the model was right on each.

    They are passed over in random order, pass after pass. With `curriculum`, a prompt is taken
    with the probability that its measured pass rate asks for (`open_share`, at least `RARELY`):
    its own, drawn towards that of all prompts of its difficulty level; 1/2 where nothing is known.
    All that is drawn hangs on the seed, the counts and the place alone, which `state` gives.
    """

    def __init__(
        self,
        samples: Sequence[Sample],
        prompts: Sequence[str],
        *,
        seed: int,
        curriculum: bool,
    ) -> None:
        pairs = zip(samples, prompts, strict=True)
        self.rows = [{"prompt": prompt, "sample": sample} for sample, prompt in pairs]
        self.levels = [sample.difficulty for sample in samples]
        self.seed = seed
        self.curriculum = curriculum
        self._place = 0
        self._counts: dict[int, tuple[float, float]] = {}
        self._level_counts: dict[int, tuple[float, float]] = {}
        self._order: tuple[int, list[int]] = (-1, [])

    def draw(self, count: int) -> list[int]:
        """The numbers of the next `count` prompts, all different as far as there are as many."""
        drawn: list[int] = []
        while len(drawn) < count:
            passed, at = divmod(self._place, len(self.levels))
            number = self._passing(passed)[at]
            chance = random.Random(f"{self.seed}:take:{self._place}").random()
            self._place += 1
            is_new = number not in drawn or len(drawn) >= len(self.levels)
            if is_new and (not self.curriculum or chance < self.weight(number)):
                drawn.append(number)
        return drawn

    def weight(self, number: int) -> float:
        """The probability that the prompt is taken when its turn comes, under the curriculum."""
        level = self.pass_rates().get(self.levels[number], 0.5)
        right, judged = self._counts.get(number, (0.0, 0.0))
        return max(RARELY, open_share((right + PRIOR * level) / (judged + PRIOR)))

    def learn(self, number: int, *, right: int, judged: int) -> None:
        """Take in that of `judged` completions of a prompt `right` were right."""
        level = self.levels[number]
        for counts, key, kept in ((self._counts, number, KEPT), (self._level_counts, level, 0.99)):
            before = counts.get(key, (0.0, 0.0))
            counts[key] = (kept * before[0] + right, kept * before[1] + judged)

    def pass_rates(self) -> dict[int, float]:
        """The share of right completions of each level, those of late counting for more."""
        return {
            level: right / judged
            for level, (right, judged) in sorted(self._level_counts.items())
            if judged
        }

    def state(self) -> dict[str, Any]:
        """All that future draws hang on, for a checkpoint."""
        return {
            "place": self._place,
            "counts": dict(self._counts),
            "level_counts": dict(self._level_counts),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a `state`."""
        self._place = state["place"]
        self._counts = dict(state["counts"])
        self._level_counts = dict(state["level_counts"])

    def _passing(self, number: int) -> list[int]:
        if self._order[0] != number:
            order = list(range(len(self.levels)))
            random.Random(f"{self.seed}:pass:{number}").shuffle(order)
            self._order = (number, order)
        return self._order[1]
