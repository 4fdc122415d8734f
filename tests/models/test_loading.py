"""Loading by the real hub code, on local folders."""

from __future__ import annotations

import json
import logging
import os
import shutil
from pathlib import Path

import architectures
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from codeoutpred.errors import InvalidValueError, ModelError  # noqa: E402
from codeoutpred.models import presets, tiny  # noqa: E402
from codeoutpred.models.failures import loading  # noqa: E402
from codeoutpred.models.loading import load_model, resolve_preset  # noqa: E402

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model")
    model, tokenizer = tiny.build_untrained()
    model.save_pretrained(path)
    tokenizer.save_pretrained(path)
    return path


def test_a_custom_model_is_loaded_in_4_bit(folder: Path) -> None:
    preset = resolve_preset(presets.CUSTOM, str(folder))
    model, _ = load_model(preset)
    assert model.is_loaded_in_4bit
    kinds = {type(module).__name__ for module in model.modules()}
    assert "Linear4bit" in kinds


def test_a_model_that_is_nowhere_is_named(tmp_path: Path) -> None:
    preset = resolve_preset(presets.CUSTOM, str(tmp_path / "nowhere"))
    with pytest.raises(ModelError, match="nowhere"):
        load_model(preset)


def test_a_hub_id_without_network_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    preset = resolve_preset(presets.CUSTOM, "no-such-organisation/no-such-model")
    with pytest.raises(ModelError, match="no-such-model"):
        load_model(preset)


def test_an_empty_folder_holds_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"config\.json"):
        load_model(presets.TINY, path=tmp_path)


def test_a_folder_without_weights_says_so(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes((folder / "config.json").read_bytes())
    for preset, path in (
        (presets.TINY, tmp_path),
        (resolve_preset(presets.CUSTOM, str(tmp_path)), None),
    ):
        with pytest.raises(ModelError, match="no weights"):
            load_model(preset, path=path)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda path: (path / "tokenizer.json").unlink(), "holds no tokenizer"),
        (lambda path: os.truncate(path / "model.safetensors", 5000), "cut short: fetch"),
        (lambda path: (path / "config.json").write_text("{"), "not a valid JSON file"),
    ],
)
def test_a_folder_that_lost_something_says_what(folder: Path, tmp_path: Path, harm, words) -> None:
    harm(shutil.copytree(folder, tmp_path / "model"))
    with pytest.raises(ModelError, match=words):
        load_model(resolve_preset(presets.CUSTOM, str(tmp_path / "model")))


def test_what_is_neither_a_folder_nor_an_id_says_so() -> None:
    with pytest.raises(ModelError, match="neither a folder nor the id"):
        load_model(resolve_preset(presets.CUSTOM, "no/folder/here"))


@pytest.mark.parametrize(
    ("quantization", "layer"),
    [("4bit", "Linear4bit"), ("8bit", "Linear8bitLt"), ("none", "Linear")],
)
def test_linear_layers_are_quantised_as_asked(folder: Path, quantization, layer: str) -> None:
    preset = resolve_preset(presets.CUSTOM, str(folder), quantization=quantization)
    model, _ = load_model(preset)
    assert type(model.model.layers[0].mlp.up_proj).__name__ == layer
    assert type(model.lm_head).__name__ == "Linear"


def test_an_embedded_model_takes_no_quantisation() -> None:
    with pytest.raises(InvalidValueError, match="tiny"):
        resolve_preset(presets.TINY, quantization="4bit")


def save_adapter(base: Path, folder: Path) -> Path:
    from peft import LoraConfig, get_peft_model

    model, tokenizer = load_model(resolve_preset(presets.CUSTOM, str(base)))
    adapter = get_peft_model(model, LoraConfig(r=2, target_modules="all-linear"))
    adapter.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_an_adapter_brings_its_base(folder: Path, tmp_path: Path) -> None:
    adapter = save_adapter(folder, tmp_path)
    model, _ = load_model(presets.CUSTOM, path=adapter, trainable=True)
    assert model.active_adapter == "default"
    assert all(".lora_" in name for name, w in model.named_parameters() if w.requires_grad)


def test_an_adapter_of_another_base_is_refused(folder: Path, tmp_path: Path) -> None:
    base = tmp_path / "base"
    shutil.copytree(folder, base)
    adapter = save_adapter(base, tmp_path / "adapter")
    with pytest.raises(ModelError, match=r"trained on .*not on --model phi-2"):
        load_model(presets.PHI_2, path=adapter)
    with pytest.raises(ModelError, match=rf"trained on {base}, not on {folder}; .*-id {base}"):
        load_model(resolve_preset(presets.CUSTOM, str(folder)), path=adapter)
    base.rename(tmp_path / "moved")  # what the adapter names is not there any more
    assert load_model(resolve_preset(presets.CUSTOM, str(tmp_path / "moved")), path=adapter)
    for name, changes in (
        ("phi", {}),
        ("llama", {"hidden_size": 32}),
        (
            "llama",
            {
                "hidden_size": 160,
                "intermediate_size": 432,
                "num_attention_heads": 5,
                "num_key_value_heads": 5,
                "num_hidden_layers": 5,
            },
        ),
    ):
        other = architectures.save_architecture(name, tmp_path / f"{name}{len(changes)}", **changes)
        with pytest.raises(ModelError, match="another base"):
            load_model(resolve_preset(presets.CUSTOM, str(other)), path=adapter)


def test_an_adapter_that_takes_the_place_of_the_embedded_model_names_its_base(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    adapter = save_adapter(folder, tmp_path)
    with caplog.at_level(logging.INFO, logger="codeoutpred"):
        model, _ = load_model(presets.TINY, path=adapter)
    assert model.get_base_model().config.name_or_path == str(folder)
    assert f"goes on its own base, {folder}" in caplog.text


def test_an_adapter_of_another_model_of_the_hub_is_refused(folder: Path, tmp_path: Path) -> None:
    adapter = save_adapter(folder, tmp_path)
    settings = json.loads((adapter / "adapter_config.json").read_text())
    settings["base_model_name_or_path"] = "some/base"
    (adapter / "adapter_config.json").write_text(json.dumps(settings))
    with pytest.raises(ModelError, match=r"trained on some/base, not on some/other; .*some/base"):
        load_model(resolve_preset(presets.CUSTOM, "some/other"), path=adapter)


def named(kind: str) -> type[OSError]:
    return type(kind, (OSError,), {})


@pytest.mark.parametrize(
    ("kind", "cure"),
    [
        ("GatedRepoError", "hf auth login"),
        ("RepositoryNotFoundError", "check the id"),
        ("LocalEntryNotFoundError", "check the network"),
    ],
)
def test_what_the_hub_refuses_is_one_line_with_its_cure(kind: str, cure: str) -> None:
    import huggingface_hub.errors

    assert hasattr(huggingface_hub.errors, kind)
    with pytest.raises(ModelError, match=cure) as caught, loading("some/model"):
        raise OSError("many\nlines") from named(kind)("403")
    assert "\n" not in str(caught.value)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ModelError, match="no folder"):
        load_model(presets.TINY, path=tmp_path / "file")
