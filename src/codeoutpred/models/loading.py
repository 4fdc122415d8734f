"""Loads models and tokenizers: by preset, by hub id, or from a folder that training left behind.

model, tokenizer = load_model(default_plugins().models.get("tiny"))
"""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeoutpred.errors import InvalidValueError, ModelError
from codeoutpred.registry import ModelPreset

if TYPE_CHECKING:
    import torch

ADAPTER_CONFIG = "adapter_config.json"


def resolve_preset(preset: ModelPreset, custom_model_id: str = "") -> ModelPreset:
    """The preset with the model that `--custom-model-id` names, which only `custom` takes."""
    if preset.hub_id or preset.builder:
        if custom_model_id:
            raise InvalidValueError(
                f"--custom-model-id goes with --model custom, not with --model {preset.name}"
            )
        return preset
    if not custom_model_id:
        raise InvalidValueError(f"--model {preset.name} needs --custom-model-id HUB_ID_OR_FOLDER")
    return replace(preset, hub_id=custom_model_id)


def load_model(
    preset: ModelPreset, *, path: Path | None = None, trainable: bool = False
) -> tuple[Any, Any]:
    """The model and tokenizer of a preset, or of the folder `path` that training left.

    Hub models are loaded in 4-bit NF4 with double quantisation where the preset says `quantize`,
    else in the device's own type. A folder may hold a whole model or an adapter; an adapter is
    put on the base model it was trained on, ready for more training if `trainable`. Raises
    `ModelError` where there is nothing to load.
    """
    if path is not None:
        return _load_folder(preset, path, trainable=trainable)
    if preset.builder:
        module, _, function = preset.builder.partition(":")
        model, tokenizer = getattr(importlib.import_module(module), function)()
        return model.to(_device()), tokenizer
    return _load_hub(preset.hub_id, quantize=preset.quantize)


def _load_folder(preset: ModelPreset, path: Path, *, trainable: bool) -> tuple[Any, Any]:
    if not path.is_dir():
        raise ModelError(f"{path} is no folder; give the folder that training wrote")
    adapter = path / ADAPTER_CONFIG
    if not adapter.is_file():
        if not (path / "config.json").is_file():
            raise ModelError(
                f"{path} holds no model: neither config.json nor {ADAPTER_CONFIG}; "
                "give the folder that training wrote, once it has finished"
            )
        return _load_hub(str(path), quantize=preset.quantize)
    from peft import PeftModel

    with _loading(str(path)):
        base_id = json.loads(adapter.read_text(encoding="utf-8"))["base_model_name_or_path"]
        if base_id:
            base, tokenizer = _load_hub(base_id, quantize=preset.quantize)
        else:
            base, tokenizer = load_model(preset)
        return PeftModel.from_pretrained(base, path, is_trainable=trainable), tokenizer


def _load_hub(model_id: str, *, quantize: bool) -> tuple[Any, Any]:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig

    kind = _compute_type()
    settings: dict[str, Any] = {"dtype": kind}
    if quantize:
        settings["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=kind,
        )
    if torch.cuda.is_available():
        settings["device_map"] = {"": int(os.environ.get("LOCAL_RANK", "0"))}
    with _loading(model_id):
        tokenizer = AutoTokenizer.from_pretrained(model_id)
        model = AutoModelForCausalLM.from_pretrained(model_id, **settings)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return model, tokenizer


@contextmanager
def _loading(model_id: str) -> Iterator[None]:
    """One line for the many ways in which a model is not there."""
    try:
        yield
    except (OSError, ValueError, KeyError, ImportError) as error:
        first_line = str(error).strip().split("\n")[0]
        raise ModelError(
            f"cannot load model {model_id!r}: {first_line} (check the id or folder, the network, "
            "and for a gated model `hf auth login`)"
        ) from error


def _device() -> str:
    import torch

    if torch.cuda.is_available():
        return f"cuda:{os.environ.get('LOCAL_RANK', '0')}"
    return "cpu"


def _compute_type() -> torch.dtype:
    """bfloat16 where the GPU has it, float16 on older ones, float32 on a CPU."""
    import torch

    if not torch.cuda.is_available():
        return torch.float32
    return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
