"""A cache that grows gives what the library's own gives."""

from __future__ import annotations

from typing import Any

import architectures
import pytest

pytest.importorskip("torch")

import torch
from transformers.cache_utils import DynamicLayer

from codeoutpred.models import cache
from codeoutpred.models.cache import GrowingLayer, growing_cache

pytestmark = pytest.mark.heavy

NEW_TOKENS = 12


def generated(model: Any, **settings: Any) -> Any:
    ids = torch.arange(10, 30).reshape(2, 10)
    mask = torch.ones_like(ids)
    mask[0, :4] = 0
    return model.generate(
        input_ids=ids,
        attention_mask=mask,
        min_new_tokens=NEW_TOKENS,
        max_new_tokens=NEW_TOKENS,
        do_sample=False,
        return_dict_in_generate=True,
        **settings,
    )


def layers(output: Any) -> list[Any]:
    return list(output.past_key_values.layers)


@pytest.mark.parametrize("block", [1, 5, 128])
@pytest.mark.parametrize("name", ["llama", "mistral", "phi"])
def test_the_same_tokens_are_written(
    name: str, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "BLOCK", block)
    window = {"sliding_window": 6} if name == "mistral" else {}
    model = architectures.build_model(name, architectures.build_tokenizer(), **window).eval()
    plain = generated(model)
    with growing_cache(model):
        grown = generated(model)
    after = generated(model)
    assert torch.equal(grown.sequences, plain.sequences)
    assert [type(layer) for layer in layers(after)] == [type(layer) for layer in layers(plain)]
    expected = GrowingLayer if name != "mistral" else type(layers(plain)[0])
    assert {type(layer) for layer in layers(grown)} == {expected}


def test_beams_that_change_places_keep_their_keys() -> None:
    model = architectures.build_model("llama", architectures.build_tokenizer()).eval()
    plain = generated(model, num_beams=3)
    with growing_cache(model):
        grown = generated(model, num_beams=3)
    assert torch.equal(grown.sequences, plain.sequences)


def test_a_cache_that_was_cut_or_chosen_from_goes_on_from_there() -> None:
    states = torch.arange(48.0).reshape(2, 2, 6, 2)
    for layer in (plain := DynamicLayer(), grown := GrowingLayer()):
        layer.update(states, -states)
        layer.crop(-2)
        layer.update(states[:, :, :1], states[:, :, :1])
        layer.batch_select_indices(torch.tensor([1, 1, 0]))
        layer.update(states[[0, 1, 1], :, :1], states[[0, 1, 1], :, :1])
    assert grown.get_seq_length() == plain.get_seq_length() == 6
    assert torch.equal(grown.keys, plain.keys)
    assert torch.equal(grown.values, plain.values)
