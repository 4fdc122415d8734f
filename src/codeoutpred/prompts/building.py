"""Samples become prompts, with the completion that a model should learn to give."""

from __future__ import annotations

import typing

from codeoutpred.errors import UnknownNameError
from codeoutpred.records import Prompt, PromptFormat, Sample

PROMPT_FORMATS: tuple[PromptFormat, ...] = typing.get_args(PromptFormat)

CUES: dict[PromptFormat, str] = {
    "direct": "[OUTPUT]\n",
    "cot": "[THOUGHT]\nStep by step, then the exact output as [ANSWER]output[/ANSWER].\n",
    "trace": "[TRACE]\n",
}
"""The last lines of a prompt: they say what the completion has to hold."""


def check_format(name: str) -> PromptFormat:
    """The prompt format of this name; an unknown one is an error that suggests near names."""
    for known in PROMPT_FORMATS:
        if name == known:
            return known
    raise UnknownNameError("prompt format", name, PROMPT_FORMATS)


def question(source: str, entry: str, arguments: str, prompt_format: PromptFormat) -> str:
    """The text of a prompt: the source, the call whose value is asked for (if any), and the cue.

    Where the completion goes through the program step by step, its lines are numbered.
    """
    if prompt_format != "direct":
        lines = source.split("\n")
        source = "\n".join(f"{number}|{line}" for number, line in enumerate(lines, start=1))
    call = f"[CALL] {entry}({arguments})\n" if entry else ""
    return f"{source}\n{call}{CUES[prompt_format]}"


def build_prompt(sample: Sample, prompt_format: PromptFormat) -> Prompt:
    """The prompt for a sample, with the completion that a model should learn to give.

    `direct` completes with the bare answer; `trace` with the run step by step, then the tagged
    answer; `cot` asks for free reasoning, and what it is taught is the trace as well.
    """
    if prompt_format == "direct":
        completion = sample.answer
    else:
        steps = f"{sample.trace}\n" if sample.trace else ""
        completion = f"{steps}[ANSWER]{sample.answer}[/ANSWER]"
    return Prompt(
        sample_id=sample.id,
        text=question(sample.source, sample.entry, sample.arguments, prompt_format),
        completion=completion,
        format=prompt_format,
    )
