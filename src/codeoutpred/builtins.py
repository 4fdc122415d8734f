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
    languages.add("javascript", "codeoutpred.languages.javascript:JAVASCRIPT")
    languages.add("rust", "codeoutpred.languages.rust:RUST")
    languages.add("c", "codeoutpred.languages.compiled:C")
    languages.add("cpp", "codeoutpred.languages.compiled:CPP")
    languages.add("java", "codeoutpred.languages.compiled:JAVA")
    languages.add("go", "codeoutpred.languages.compiled:GO")
    languages.add("typescript", "codeoutpred.languages.compiled:TYPESCRIPT")
    languages.add("ruby", "codeoutpred.languages.scripts:RUBY")
    languages.add("php", "codeoutpred.languages.scripts:PHP")
    languages.add("lua", "codeoutpred.languages.scripts:LUA")
    languages.add("perl", "codeoutpred.languages.scripts:PERL")
    languages.add("bash", "codeoutpred.languages.scripts:BASH")


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
    generators.add("drills", "codeoutpred.generation.drills:DrillGenerator")
    generators.add("synthetic", "codeoutpred.generation.synthetic:SyntheticGenerator")
    generators.add("corpus", "codeoutpred.generation.corpus:CorpusGenerator")
    generators.add("openai", "codeoutpred.generation.llm:LLMGenerator")


@hookimpl
def register_verifiers(verifiers: VerifierRegistry) -> None:
    verifiers.add("value", "codeoutpred.verification.value:ValueVerifier")
    verifiers.add("text", "codeoutpred.verification.text:TextVerifier")
    verifiers.add("fuzzy", "codeoutpred.verification.fuzzy:FuzzyVerifier")
    verifiers.add("numeric", "codeoutpred.verification.numeric:NumericVerifier")


@hookimpl
def register_rewards(rewards: RewardRegistry) -> None:
    rewards.add("staged", "codeoutpred.rewards.staged:StagedReward")
    rewards.add("exact", "codeoutpred.rewards.exact:ExactReward")
    rewards.add("graded", "codeoutpred.rewards.graded:GradedReward")
    rewards.add("format", "codeoutpred.rewards.form:FormatReward")
    rewards.add("length_penalty", "codeoutpred.rewards.length:LengthPenalty")
    rewards.add("combine", "codeoutpred.rewards.combination:combine")
