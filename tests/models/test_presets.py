"""The presets: what they say of themselves is what their architectures give."""

from __future__ import annotations

import pytest

from codeoutpred.errors import InvalidValueError
from codeoutpred.models.loading import resolve_preset
from codeoutpred.plugins import load_plugins
from codeoutpred.registry import ModelPreset

MODELS = load_plugins(use_entry_points=False).models


@pytest.mark.parametrize("name", MODELS.names())
def test_every_preset_bears_its_registered_name(name: str) -> None:
    assert MODELS.get(name).name == name
    assert MODELS.get(name).description


@pytest.mark.parametrize(
    ("name", "gigabytes"),
    [
        ("phi-2", 1.43),
        ("codellama-7b", 3.48),
        ("deepseek-coder-6.7b", 3.48),
        ("starcoder2-7b", 3.70),
        ("mistral-7b", 3.74),
    ],
)
def test_the_4_bit_size_follows_from_the_parameters(name: str, gigabytes: float) -> None:
    assert MODELS.get(name).memory_4bit_gb == pytest.approx(gigabytes, abs=0.01)


def test_custom_takes_any_id_and_needs_one() -> None:
    custom = MODELS.get("custom")
    assert resolve_preset(custom, "someone/model").hub_id == "someone/model"
    with pytest.raises(InvalidValueError, match="--custom-model-id"):
        resolve_preset(custom)


def test_a_named_model_takes_no_custom_id() -> None:
    with pytest.raises(InvalidValueError, match="phi-2"):
        resolve_preset(MODELS.get("phi-2"), "someone/model")


def _configurations() -> dict[str, object]:
    from transformers import LlamaConfig, MistralConfig, PhiConfig, Starcoder2Config

    seven_b = {"hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32}
    llama = {**seven_b, "intermediate_size": 11008}
    return {
        "phi-2": PhiConfig(
            vocab_size=51200,
            hidden_size=2560,
            intermediate_size=10240,
            num_hidden_layers=32,
            num_attention_heads=32,
        ),
        "codellama-7b": LlamaConfig(vocab_size=32016, **llama),
        "deepseek-coder-6.7b": LlamaConfig(vocab_size=32256, **llama),
        "starcoder2-7b": Starcoder2Config(
            vocab_size=49152,
            hidden_size=4608,
            intermediate_size=18432,
            num_hidden_layers=32,
            num_attention_heads=36,
            num_key_value_heads=4,
            bos_token_id=0,
            eos_token_id=0,
        ),
        "mistral-7b": MistralConfig(
            vocab_size=32000, intermediate_size=14336, num_key_value_heads=8, **seven_b
        ),
    }


@pytest.mark.heavy
@pytest.mark.parametrize("name", [n for n in MODELS.names() if n not in ("tiny", "custom")])
def test_the_parameters_are_those_of_the_full_size_architecture(name: str) -> None:
    """Counted on a model without memory for its weights, of the published configuration."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    with torch.device("meta"):
        model = transformers.AutoModelForCausalLM.from_config(_configurations()[name])
    model.tie_weights()
    preset: ModelPreset = MODELS.get(name)
    assert sum(weight.numel() for weight in model.parameters()) == preset.parameters
    modules = {path.rpartition(".")[2] for path, _ in model.named_modules()}
    assert set(preset.lora_targets) <= modules


def test_only_the_embedded_model_is_made_for_drills():
    assert MODELS.get("tiny").generator == "drills"
    assert {MODELS.get(name).generator for name in MODELS.names()} == {"drills", "synthetic"}
