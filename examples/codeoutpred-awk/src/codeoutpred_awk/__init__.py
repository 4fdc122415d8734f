"""A plugin of codeoutpred: the language `awk` and the reward `verbatim`."""

from __future__ import annotations

from codeoutpred import hookimpl
from codeoutpred.hookspecs import LanguageRegistry, RewardRegistry


@hookimpl
def register_languages(languages: LanguageRegistry) -> None:
    languages.add("awk", "codeoutpred_awk.language:AWK")


@hookimpl
def register_rewards(rewards: RewardRegistry) -> None:
    rewards.add("verbatim", "codeoutpred_awk.reward:VerbatimReward")
