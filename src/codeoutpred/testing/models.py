"""The contract of a `ModelPreset`."""

from __future__ import annotations

import importlib

from codeoutpred.errors import CodeOutPredError
from codeoutpred.prompts import check_format
from codeoutpred.registry import ModelPreset
from codeoutpred.testing.expectations import ensure
from codeoutpred.training.settings import ReinforcementSettings, SupervisedSettings


def check_model_preset(preset: ModelPreset) -> None:
    """Check that a preset says what to load and how, without loading it."""
    culprit = f"model {preset.name!r}"
    ensure(bool(preset.description), f"{culprit}: description is empty")
    ensure(
        not (preset.hub_id and preset.builder),
        f"{culprit}: give either hub_id or builder, not both",
    )
    if preset.builder:
        module, _, function = preset.builder.partition(":")
        ensure(
            callable(getattr(importlib.import_module(module), function, None)),
            f"{culprit}: builder {preset.builder!r} is no function",
        )
    ensure(
        isinstance(preset.lora_targets, tuple) and bool(preset.lora_targets),
        f"{culprit}: lora_targets must be a tuple of module names",
    )
    ensure(preset.new_tokens > 0, f"{culprit}: new_tokens must be greater than zero")
    try:
        check_format(preset.prompt_format)
        SupervisedSettings.of(preset.supervised)
        ReinforcementSettings.of(preset.reinforcement)
    except CodeOutPredError as error:
        raise AssertionError(f"{culprit}: {error}") from error
