"""The embedded model and its tokenizer."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from codeoutpred.generation.drills import grammar  # noqa: E402
from codeoutpred.models import presets, tiny  # noqa: E402
from codeoutpred.models.loading import load_model  # noqa: E402

pytestmark = pytest.mark.heavy

TOKENIZER = tiny.build_tokenizer()


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_the_tokenizer(text: str) -> None:
    ids = TOKENIZER(text)["input_ids"]
    assert TOKENIZER.decode(ids) == text


@pytest.mark.parametrize("value", ["7", "12", "-3", "'ab'", "[1, 2]", "{'a': 1}", "(1, 2)", "True"])
def test_a_value_stands_right_behind_its_name(value: str) -> None:
    """One hop: the token after the name's is the first of the value, for every name there is."""
    names = [name for kind in grammar.NAMES.values() for name in kind]
    for name in [*names, *grammar.LOOP_VARIABLES]:
        tokens = TOKENIZER.tokenize(name + value)
        assert tokens == [name, *TOKENIZER.tokenize(value)]


def test_every_digit_is_a_token_of_its_own() -> None:
    assert TOKENIZER.tokenize("a1207") == ["a", "1", "2", "0", "7"]


def test_what_prompts_are_marked_with_is_one_token_each() -> None:
    for mark in ("[CALL] ", "[TRACE]\n", "[OUTPUT]\n", "[ANSWER]", "[/ANSWER]"):
        assert TOKENIZER.tokenize(mark) == [mark]


def test_the_weights_are_small_and_load_into_the_architecture() -> None:
    assert len(resources.files("codeoutpred.models").joinpath(tiny.WEIGHTS).read_bytes()) <= 5e6
    model, tokenizer = load_model(presets.TINY)
    assert model.num_parameters() == presets.TINY.parameters
    assert 1e6 <= model.num_parameters() <= 2e6
    assert model.config.vocab_size == len(tokenizer)


def test_building_leaves_the_random_state_alone() -> None:
    torch.manual_seed(7)
    expected = torch.rand(1)
    torch.manual_seed(7)
    tiny.build_untrained()
    assert torch.equal(torch.rand(1), expected)


def test_model_and_tokenizer_survive_saving(tmp_path: Path) -> None:
    model, tokenizer = tiny.build_untrained()
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    again, tokenizer_again = load_model(presets.TINY, path=tmp_path)
    text = "total = 12\nprint(total)\n[TRACE]\n"
    ids = torch.tensor([tokenizer(text)["input_ids"]])
    assert tokenizer_again(text)["input_ids"] == ids[0].tolist()
    assert tokenizer_again.eos_token == tiny.END and tokenizer_again.pad_token == tiny.PAD
    with torch.inference_mode():
        assert torch.equal(model(ids).logits, again(ids).logits)
