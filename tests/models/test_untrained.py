"""Models and tokenizers for training from scratch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

import torch

from codeoutpred.models.loading import load_model, resolve_preset
from codeoutpred.models.presets import CUSTOM
from codeoutpred.models.shapes import shape_of
from codeoutpred.models.untrained import build_model, save_untrained, train_tokenizer

pytestmark = pytest.mark.heavy

TEXTS = [
    "def total_of(items):\n    return sum(items) + 12\n1|items[3, 'ab']\n",
    "found = True\n",
] * 9
CONFIG = {
    "model_type": "llama",
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "max_position_embeddings": 256,
    "tie_word_embeddings": False,
}


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return train_tokenizer(TEXTS, size=400)


@pytest.mark.parametrize("text", ["items = [1, 22]\n", "é \x00\t\u2028 𝄞", "", '  a\n\n b \' "" '])
def test_any_text_is_read_and_written_unchanged(tokenizer: Any, text: str) -> None:
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text


def test_a_name_is_the_same_token_wherever_it_stands_and_its_value_comes_behind(
    tokenizer: Any,
) -> None:
    pieces = [tokenizer.tokenize(text) for text in ("x items", "items[3", "items12", "foundTrue")]
    assert pieces[0][-1] == pieces[1][0] == pieces[2][0] == "items"
    assert pieces[2] == ["items", "1", "2"]
    assert pieces[3] == ["found", "True"]


def test_it_learns_no_more_tokens_than_asked(tokenizer: Any) -> None:
    assert len(train_tokenizer(TEXTS, size=260)) == 260
    assert len(tokenizer) <= 400


def test_the_seed_decides_on_the_weights_and_nothing_else_does(tokenizer: Any) -> None:
    torch.manual_seed(1)
    one = build_model(CONFIG, tokenizer, seed=3).state_dict()
    drawn = torch.rand(1)
    again = build_model(CONFIG, tokenizer, seed=3).state_dict()
    other = build_model(CONFIG, tokenizer, seed=4).state_dict()
    assert all(torch.equal(one[name], again[name]) for name in one)
    assert any(not torch.equal(one[name], other[name]) for name in one)
    torch.manual_seed(1)
    assert torch.equal(torch.rand(1), drawn)
    assert one["lm_head.weight"].std().item() == pytest.approx(64**-0.5, rel=0.05)


def test_an_architecture_may_have_a_name_of_its_own_for_the_width(tokenizer: Any) -> None:
    config = {"model_type": "gpt2", "n_embd": 64, "n_layer": 1, "n_head": 2, "n_positions": 64}
    model = build_model(config, tokenizer)
    assert model.config.hidden_size == 64
    assert model.transformer.wte.weight.std().item() == pytest.approx(64**-0.5, rel=0.05)
    narrow = build_model({**config, "initializer_range": 0.02}, tokenizer)
    assert narrow.transformer.wte.weight.std().item() == pytest.approx(0.02, rel=0.05)


def test_its_folder_loads_like_one_of_the_hub(tokenizer: Any, tmp_path: Path) -> None:
    folder = save_untrained(CONFIG, tokenizer, tmp_path / "scratch")
    preset = resolve_preset(CUSTOM, str(folder), quantization="none")
    model, loaded = load_model(preset)
    expected = shape_of({**CONFIG, "vocab_size": len(tokenizer)}).parameters
    assert model.num_parameters() == expected
    assert loaded.get_vocab() == tokenizer.get_vocab()
    assert loaded.pad_token != loaded.eos_token
    assert loaded.eos_token_id in model.generation_config.eos_token_id
