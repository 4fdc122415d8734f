"""The small models that other tests train are what they are said to be."""

from __future__ import annotations

from pathlib import Path

import architectures
import pytest

pytest.importorskip("torch")

from codeoutpred.models import presets
from codeoutpred.models.loading import load_model, resolve_preset

pytestmark = pytest.mark.heavy


@pytest.mark.parametrize("name", architectures.ARCHITECTURES)
def test_each_architecture_is_loaded_in_4_bit_as_from_the_hub(name: str, tmp_path: Path) -> None:
    folder = architectures.save_architecture(name, tmp_path)
    model, tokenizer = load_model(resolve_preset(presets.CUSTOM, str(folder)))
    assert model.config.model_type == name
    assert model.is_loaded_in_4bit
    assert len(tokenizer) <= model.get_input_embeddings().weight.shape[0]
    ids = tokenizer("def f(a):\n    return a", return_tensors="pt").input_ids
    written = model.generate(ids, max_new_tokens=16, do_sample=False)
    assert written.shape[1] > ids.shape[1]
