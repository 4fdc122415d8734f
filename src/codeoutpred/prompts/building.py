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

FIRST_STEPS, LAST_STEPS = 48, 16
"""What is shown of a run of more steps: its beginning, which sets everything up, and its end, which
holds what the answer is recalled from."""
ELLIPSIS = "..."
"""The line that stands for the steps between."""


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

    `direct` completes with the bare answer; `trace` with the run step by step, long runs
    shortened, then the tagged answer, which is always whole; `cot` asks for free reasoning, and
    what it is taught is the trace as well.
    """
    if prompt_format == "direct":
        completion = sample.answer
    else:
        steps = f"{shorten(sample.trace)}\n" if sample.trace else ""
        completion = f"{steps}[ANSWER]{sample.answer}[/ANSWER]"
    return Prompt(
        sample_id=sample.id,
        text=question(sample.source, sample.entry, sample.arguments, prompt_format),
        completion=completion,
        format=prompt_format,
    )


def shorten(trace: str) -> str:
    """A trace of more than `FIRST_STEPS + LAST_STEPS` steps, a line each, as its first and last.

    >>> shorten("\\n".join(f"1|a{n}" for n in range(100))).split("\\n")[46:50]
    ['1|a46', '1|a47', '...', '1|a84']
    """
    steps = trace.split("\n")
    if len(steps) <= FIRST_STEPS + LAST_STEPS:
        return trace
    return "\n".join([*steps[:FIRST_STEPS], ELLIPSIS, *steps[-LAST_STEPS:]])
