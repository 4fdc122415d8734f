"""The look at a dozen prompts before training."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("trl")

from codeoutpred.errors import ModelError, TrainingError  # noqa: E402
from codeoutpred.models.loading import load_model  # noqa: E402
from codeoutpred.models.presets import TINY  # noqa: E402
from codeoutpred.rewards.staged import StagedReward  # noqa: E402
from codeoutpred.training.preflight import preflight  # noqa: E402
from codeoutpred.training.settings import (  # noqa: E402
    ReinforcementSettings,
    SupervisedSettings,
)
from codeoutpred.verification.value import ValueVerifier  # noqa: E402

pytestmark = pytest.mark.heavy

PAID = ReinforcementSettings(prompt_format="trace", new_tokens=320)
TAUGHT = SupervisedSettings(prompt_format="trace")


def never(sample: Any, prediction: Any, verdict: Any) -> float | None:
    return None


@pytest.fixture(scope="module")
def tiny() -> tuple[Any, Any]:
    return load_model(TINY)


def paid(model: Any, tokenizer: Any, samples: Any, **changes: Any) -> Any:
    settings = replace(PAID, **changes)
    judges: dict[str, Any] = {"verifier": ValueVerifier(), "reward": StagedReward()}
    return preflight(model, tokenizer, samples, settings, **judges)


def test_what_is_asked_written_and_paid_is_shown(tiny: Any, samples: Any) -> None:
    torch.manual_seed(3)
    before = torch.random.get_rng_state()
    began = time.process_time()
    report = paid(*tiny, samples)
    assert time.process_time() - began < 10  # some 1 s; the bound is for a crowded machine
    assert torch.equal(before, torch.random.get_rng_state())
    assert report.summary.startswith("12 prompts, ")
    assert "0% of the completions cut off at 320 tokens" in report.summary
    assert "on average" in report.summary
    text = "\n".join(report.lines)
    assert "[TRACE]" in text and "[/ANSWER]" in text
    assert "to '<|end|>'" in text  # the end token is learnt


def test_equal_rewards_are_warned_of(tiny: Any, samples: Any) -> None:
    worthless = [replace(sample, answer="'never printed'") for sample in samples]
    [warning] = paid(*tiny, worthless).warnings
    assert "earned 0" in warning and "graded" in warning


def test_reinforcing_a_model_that_never_stops_is_refused(fresh: Any, samples: Any) -> None:
    with pytest.raises(TrainingError, match=r"--new-tokens.*--skip-preflight"):
        paid(*fresh(), samples, new_tokens=4)
    report = preflight(*fresh(), samples, replace(TAUGHT, new_tokens=4))
    assert "100% of the completions cut off at 4 tokens" in report.summary


def test_a_reward_that_judges_nothing_is_refused(tiny: Any, samples: Any) -> None:
    with pytest.raises(TrainingError, match="'never' could judge none of 12"):
        preflight(*tiny, samples, PAID, verifier=ValueVerifier(), reward=never)


def test_a_prompt_that_does_not_fit_the_context_is_refused(tiny: Any, samples: Any) -> None:
    with pytest.raises(ModelError, match="context of the model 2048"):
        paid(*tiny, samples, new_tokens=2048)


def test_padding_with_the_end_token_is_refused(samples: Any) -> None:
    model, tokenizer = load_model(TINY)
    tokenizer.pad_token = tokenizer.eos_token
    with pytest.raises(TrainingError, match="no model learns to stop"):
        preflight(model, tokenizer, samples, TAUGHT)
