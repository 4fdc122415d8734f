"""What both trainers say when training starts, and leave beside the model when it ends."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import architectures
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("trl")
ModelCard = pytest.importorskip("huggingface_hub").ModelCard

from codeoutpred.errors import InvalidValueError  # noqa: E402
from codeoutpred.models import presets  # noqa: E402
from codeoutpred.models.loading import load_model, resolve_preset  # noqa: E402
from codeoutpred.models.shapes import shape_of  # noqa: E402
from codeoutpred.training.settings import SupervisedSettings  # noqa: E402
from codeoutpred.training.supervised import SupervisedTrainer  # noqa: E402

pytestmark = pytest.mark.heavy


def trainer(folder: Path, output: Path, **changes: Any) -> SupervisedTrainer:
    model, tokenizer = load_model(resolve_preset(presets.CUSTOM, str(folder)))
    settings = SupervisedSettings.of(
        {"dataset_name": "small", "batch_size": 8, "lora_rank": 4, "native": {"max_steps": 1}},
        changes,
    )
    return SupervisedTrainer(model, tokenizer, settings, output_dir=output)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return architectures.save_architecture("phi", tmp_path_factory.mktemp("models") / "small-phi")


def test_the_share_that_is_trained_is_said_and_a_card_is_left(
    folder: Path, dataset: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    subject = trainer(folder, tmp_path)
    shape = shape_of(subject.model.config.to_dict())
    with caplog.at_level(logging.INFO, "codeoutpred"):
        result = subject.train(dataset)
    trained, every = shape.adapter(4), shape.parameters + shape.adapter(4)
    line = f"{trained:,} of {every:,} parameters are trained ({trained / every:.2%})"
    assert caplog.messages.count(line) == 1
    card = ModelCard.load(tmp_path / "README.md")
    assert (card.data.base_model, card.data.library_name) == ("small-phi", "peft")
    assert "the dataset `small`" in card.text and "| samples | 24 |" in card.text
    assert "| generator: drills | 24 |" in card.text
    assert f"| train_loss | {result.metrics['train_loss']:.4g} |" in card.text


def test_all_weights_of_a_quantised_model_are_not_trained(
    folder: Path, dataset: Any, tmp_path: Path
) -> None:
    with pytest.raises(InvalidValueError, match="--no-quantization"):
        trainer(folder, tmp_path, lora_rank=0).train(dataset)
