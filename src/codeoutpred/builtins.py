"""Our own plugin: what comes with the library, by the hooks that everybody uses.

Lazy strings only: nothing is imported before it is asked for.
"""

from __future__ import annotations

from codeoutpred.hookspecs import (
    GeneratorRegistry,
    LanguageRegistry,
    RewardRegistry,
    VerifierRegistry,
    hookimpl,
)
from codeoutpred.registry import ModelRegistry


@hookimpl
def register_languages(languages: LanguageRegistry) -> None:
    languages.add("python", "codeoutpred.languages.python:PYTHON")


@hookimpl
def register_models(models: ModelRegistry) -> None:
    models.add("tiny", "codeoutpred.models.presets:TINY")
    models.add("phi-2", "codeoutpred.models.presets:PHI_2")
    models.add("codellama-7b", "codeoutpred.models.presets:CODELLAMA_7B")
    models.add("deepseek-coder-6.7b", "codeoutpred.models.presets:DEEPSEEK_CODER_6_7B")
    models.add("starcoder2-7b", "codeoutpred.models.presets:STARCODER2_7B")
    models.add("mistral-7b", "codeoutpred.models.presets:MISTRAL_7B")
    models.add("custom", "codeoutpred.models.presets:CUSTOM")


@hookimpl
def register_generators(generators: GeneratorRegistry) -> None:
    generators.add("synthetic", "codeoutpred.generation.synthetic:SyntheticGenerator")


@hookimpl
def register_verifiers(verifiers: VerifierRegistry) -> None:
    verifiers.add("value", "codeoutpred.verification.value:ValueVerifier")


@hookimpl
def register_rewards(rewards: RewardRegistry) -> None:
    rewards.add("staged", "codeoutpred.rewards.staged:StagedReward")
