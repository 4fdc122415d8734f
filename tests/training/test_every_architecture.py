"""Each architecture in 4 bits with LoRA: taught or reinforced, saved, reloaded and merged."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import architectures
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("trl")
pytest.importorskip("bitsandbytes")

from codeoutpred.evaluation.huggingface import HuggingFacePredictor  # noqa: E402
from codeoutpred.models import presets  # noqa: E402
from codeoutpred.models.loading import load_model, resolve_preset  # noqa: E402
from codeoutpred.models.merging import merge_adapter  # noqa: E402
from codeoutpred.prompts import build_prompt  # noqa: E402
from codeoutpred.training.reinforcement import RLTrainer  # noqa: E402
from codeoutpred.training.settings import (  # noqa: E402
    ReinforcementSettings,
    SupervisedSettings,
)
from codeoutpred.training.supervised import SupervisedTrainer  # noqa: E402
from codeoutpred.verification.value import ValueVerifier  # noqa: E402

pytestmark = pytest.mark.heavy

SHARED: dict[str, Any] = {"learning_rate": 1e-2, "lora_rank": 4, "new_tokens": 16}
QUICK = {("phi", "supervised"), ("qwen3", "grpo")}
CASES = [
    pytest.param(name, method, marks=() if (name, method) in QUICK else pytest.mark.long)
    for name in architectures.ARCHITECTURES
    for method in ("supervised", "grpo", "rloo")
]


class Varied:
    """A reward that an untrained model earns more or less of."""

    __name__ = "varied"

    def __call__(self, sample: Any, prediction: Any, verdict: Any) -> float:
        return len(set(prediction.text)) / 16


def trainer(method: str, model: Any, tokenizer: Any, folder: Path) -> Any:
    judges: dict[str, Any] = {"verifier": ValueVerifier()}
    if method == "supervised":
        taught = SupervisedSettings(**SHARED, batch_size=8, epochs=1)
        return SupervisedTrainer(model, tokenizer, taught, output_dir=folder, **judges)
    paid = ReinforcementSettings(**SHARED, algorithm=method, batch_size=8, episodes=16)
    return RLTrainer(model, tokenizer, paid, output_dir=folder, reward=Varied(), **judges)


def base_weights(model: Any) -> dict[str, Any]:
    """All weights but those of an adapter, those in 4 bits as they are packed."""
    return {
        name.replace(".base_layer.", "."): value.detach().clone()
        for name, value in model.state_dict().items()
        if ".lora_" not in name
    }


def answers(model: Any, tokenizer: Any, samples: Any) -> list[str]:
    predictor = HuggingFacePredictor(model, tokenizer, max_new_tokens=32)
    return [row.text for row in predictor.predict([build_prompt(s, "direct") for s in samples])]


@pytest.mark.parametrize(("name", "method"), CASES)
def test_an_adapter_is_trained_alone_and_answers_alike_reloaded_and_merged(
    name: str,
    method: str,
    samples: Any,
    dataset: Any,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder = architectures.save_architecture(name, tmp_path / "base")
    preset = resolve_preset(presets.CUSTOM, str(folder))
    model, tokenizer = load_model(preset)
    before, untrained = base_weights(model), answers(model, tokenizer, samples)
    with caplog.at_level(logging.INFO, "codeoutpred"):
        result = trainer(method, model, tokenizer, tmp_path / "run").train(dataset)
    after = base_weights(model)
    assert before.keys() == after.keys()
    assert all(torch.equal(before[key], after[key]) for key in before)

    adapter = {key: value for key, value in model.named_parameters() if ".lora_" in key}
    count = sum(value.numel() for value in adapter.values())
    [line] = [line for line in caplog.messages if "parameters are trained" in line]
    assert re.match(rf"{count:,} of [\d,]+ parameters are trained \(\d+\.\d\d%\)", line)
    assert all(value.dtype == torch.float32 for value in adapter.values())
    assert any(value.abs().sum() > 0 for key, value in adapter.items() if ".lora_B." in key)

    trained = answers(model, tokenizer, samples)
    assert trained != untrained
    reloaded = load_model(preset, path=result.path)
    assert reloaded[0].is_loaded_in_4bit
    assert answers(*reloaded, samples) == trained

    check = merge_adapter(preset, result.path, tmp_path / "merged")
    assert check.same == check.probes
    exact = resolve_preset(presets.CUSTOM, str(folder), quantization="none")
    merged = resolve_preset(presets.CUSTOM, str(tmp_path / "merged"), quantization="none")
    unmerged = answers(*load_model(exact, path=result.path), samples)
    assert answers(*load_model(merged), samples) == unmerged
