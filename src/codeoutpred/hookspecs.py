"""The five hooks: each is handed the registry that it adds to.

A plugin is a module (or object) with some of these functions, marked with `hookimpl`, and named
by an entry point of the group `codeoutpred`:

    from codeoutpred import hookimpl

    @hookimpl
    def register_rewards(rewards):
        rewards.add("generous", "my_package.rewards:GenerousReward")
"""

from __future__ import annotations

from collections.abc import Callable

import pluggy

from codeoutpred.protocols import Generator, Language, RewardFn, Verifier
from codeoutpred.registry import ModelRegistry, Registry

PROJECT = "codeoutpred"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

LanguageRegistry = Registry[Language]
GeneratorRegistry = Registry[Callable[..., Generator]]
VerifierRegistry = Registry[Callable[..., Verifier]]
RewardRegistry = Registry[Callable[..., RewardFn]]


@hookspec
def register_languages(languages: LanguageRegistry) -> None:
    """Add `Language` objects."""


@hookspec
def register_models(models: ModelRegistry) -> None:
    """Add `ModelPreset` objects, with `models.register(preset)`."""


@hookspec
def register_generators(generators: GeneratorRegistry) -> None:
    """Add factories, called as `factory(language="python", levels=(1, 2), **options)`.

    Options are what only some generators take, such as `corpus`: none is given that the user did
    not give, nor one that a factory does not name as a parameter.
    """


@hookspec
def register_verifiers(verifiers: VerifierRegistry) -> None:
    """Add factories of verifiers, called without arguments or with options by keyword."""


@hookspec
def register_rewards(rewards: RewardRegistry) -> None:
    """Add factories of rewards, called without arguments or with options by keyword."""
