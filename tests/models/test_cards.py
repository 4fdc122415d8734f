"""Model cards: what a model was made of, in a form that the hub reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

ModelCard = pytest.importorskip("huggingface_hub").ModelCard

from codeoutpred.models.cards import CARD, merged_card, training_card  # noqa: E402

METRICS = {"loss": 0.123456, "train_runtime": 12.0}


def configuration(path: str, **settings: Any) -> dict[str, Any]:
    return {
        "settings": {"dataset_name": "small", "lora_rank": 8, "native": {"seed": "3"}, **settings},
        "model": {"class": "PhiForCausalLM", "path": path, "quantized": True},
        "data": {"samples": 5, "made_of": {"language": {"python": 5}}, "sha256": "abc"},
        "processes": 1,
    }


def test_a_card_names_base_licence_data_settings_and_results() -> None:
    text = training_card(configuration("microsoft/phi-2"), METRICS, is_adapter=True)
    head = ModelCard(text).data
    assert (head.base_model, head.license) == ("microsoft/phi-2", "mit")
    assert (head.library_name, head.pipeline_tag) == ("peft", "text-generation")
    for line in (
        "the dataset `small`",
        "| samples | 5 |",
        "| language: python | 5 |",
        "| lora rank | 8 |",
        "| native: seed | 3 |",
        "| loss | 0.1235 |",
        "quantised in training",
    ):
        assert line in text


def test_a_base_in_a_folder_is_named_by_its_own_card_or_by_the_folder(tmp_path: Path) -> None:
    base = tmp_path / "base"
    base.mkdir()
    text = training_card(configuration(str(base)), METRICS, is_adapter=False)
    head = ModelCard(text).data
    assert (head.base_model, head.license, head.library_name) == ("base", "unknown", "transformers")
    assert str(tmp_path) not in text
    (base / CARD).write_text("---\nbase_model: someone/model\nlicense: apache-2.0\n---\n")
    head = ModelCard(training_card(configuration(str(base)), METRICS, is_adapter=False)).data
    assert (head.base_model, head.license) == ("someone/model", "apache-2.0")


def test_a_merged_model_keeps_what_the_card_of_its_adapter_tells(tmp_path: Path) -> None:
    check = {"probes": 3, "same": 3, "largest_difference": 1e-6, "logit_range": 4.0}
    bare = merged_card(tmp_path, "microsoft/phi-2", check)
    assert "3 greedy completions, 3 are" in bare and "## Data" not in bare
    own = training_card(configuration("microsoft/phi-2"), METRICS, is_adapter=True)
    (tmp_path / CARD).write_text(own)
    text = merged_card(tmp_path, "microsoft/phi-2", check)
    head = ModelCard(text).data
    assert (head.library_name, head.license) == ("transformers", "mit")
    assert text.endswith(own.partition("## Data")[2])
