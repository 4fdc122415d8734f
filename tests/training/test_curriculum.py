"""The prompts that come next."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("trl")

from codeoutpred.training.curriculum import RARELY, PromptPool, open_share

pytestmark = pytest.mark.heavy


def pool(samples: Any, *, curriculum: bool = True, seed: int = 0) -> PromptPool:
    prompts = [sample.source for sample in samples]
    return PromptPool(samples, prompts, seed=seed, curriculum=curriculum)


def test_without_a_curriculum_every_prompt_comes_once_a_pass(samples: Any) -> None:
    subject = pool(samples, curriculum=False)
    first, second = subject.draw(24), subject.draw(24)
    assert sorted(first) == sorted(second) == list(range(24))
    assert first != second


def test_what_is_always_right_or_wrong_comes_rarely_and_what_is_open_often(samples: Any) -> None:
    subject = pool(samples)
    for number in range(24):
        right = (0, 4, 8)[number % 3]  # never, half the time, always
        for _ in range(6):
            subject.learn(number, right=right, judged=8)
    drawn = Counter(number % 3 for _ in range(100) for number in subject.draw(4))
    assert drawn[1] > 3 * max(drawn[0], drawn[2]) > 0


def test_a_prompt_that_was_not_asked_is_judged_by_its_level(samples: Any) -> None:
    hard = [replace(sample, difficulty=3) for sample in samples[12:]]
    subject = pool([*samples[:12], *hard])
    before = subject.weight(23)
    for number in range(12, 22):
        subject.learn(number, right=0, judged=8)
    assert before == open_share(0.5) == 1.0
    assert subject.weight(23) == RARELY
    assert subject.weight(0) == 1.0
    assert subject.pass_rates() == {3: 0.0}


def test_prompts_of_one_draw_differ_as_far_as_there_are_as_many(samples: Any) -> None:
    subject = pool(samples[:5])
    for number in range(5):
        subject.learn(number, right=8, judged=8)
    assert sorted(subject.draw(5)) == [0, 1, 2, 3, 4]
    assert set(subject.draw(12)) == {0, 1, 2, 3, 4}


def test_a_pool_goes_on_from_its_state(samples: Any) -> None:
    whole = pool(samples)
    for number in whole.draw(30):
        whole.learn(number, right=number % 5, judged=8)
    parts = pool(samples)
    parts.restore(whole.state())
    assert parts.draw(40) == whole.draw(40)
    assert pool(samples, seed=1).draw(8) != pool(samples).draw(8)
