"""The prompts that reinforcement learning takes up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("trl")

from codeoutpred.evaluation.huggingface import completion_losses  # noqa: E402
from codeoutpred.models.loading import load_model  # noqa: E402
from codeoutpred.models.presets import TINY  # noqa: E402
from codeoutpred.prompts import build_prompt  # noqa: E402
from codeoutpred.training.selection import UNDECIDED, undecided_samples  # noqa: E402

pytestmark = pytest.mark.heavy


def selected(model: Any, tokenizer: Any, samples: Any, **changes: Any) -> Any:
    settings = {"prompt_format": "trace", "candidates": 24, "at_least": 1, "seed": 0, **changes}
    return undecided_samples(model, tokenizer, samples, **settings)


def test_only_prompts_whose_outcome_is_open_are_selected(samples: Any) -> None:
    model, tokenizer = load_model(TINY)
    losses = completion_losses(model, tokenizer, [build_prompt(s, "trace") for s in samples])
    low, high = UNDECIDED
    chances = [2.718281828**-loss.nats for loss in losses]
    found = selected(model, tokenizer, samples)
    assert 0 < len(found) < len(samples)
    assert {s.id for s in found} == {
        s.id for s, chance in zip(samples, chances, strict=True) if low < chance < high
    }


def test_the_same_seed_selects_the_same_prompts(samples: Any) -> None:
    model, tokenizer = load_model(TINY)
    first = selected(model, tokenizer, samples, candidates=12, seed=3)
    assert selected(model, tokenizer, samples, candidates=12, seed=3) == first


def test_where_too_few_are_open_all_are_taken(
    fresh: Callable[[], tuple[Any, Any]], samples: Any
) -> None:
    model, tokenizer = fresh()  # untrained: it gives no right completion any chance
    assert selected(model, tokenizer, samples) == samples
