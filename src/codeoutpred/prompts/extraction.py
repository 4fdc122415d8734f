"""Model texts become predictions: the one rule by which an answer is found in a completion.

>>> extract_answer("1|a3\\n2|print(a3)\\n[ANSWER]3[/ANSWER]", "trace")
'3'
"""

from __future__ import annotations

import re

from codeoutpred.records import Prediction, Prompt, PromptFormat

_ANSWER = re.compile(r"\[ANSWER\]((?:(?!\[/?ANSWER\]).)*)\[/ANSWER\]", re.DOTALL)


def extract_answer(text: str, prompt_format: PromptFormat) -> str | None:
    """The answer in a completion, or None where there is none.

    `direct`: the whole completion without surrounding line breaks. `cot` and `trace`: what
    stands between the last well-formed pair of answer tags.
    """
    if prompt_format == "direct":
        return text.strip("\n") if text.strip() else None
    found = _ANSWER.findall(text)
    return found[-1].strip("\n") if found else None


def to_prediction(prompt: Prompt, text: str) -> Prediction:
    """A model's text for a prompt, with the answer extracted by the prompt's own format."""
    return Prediction(
        sample_id=prompt.sample_id, text=text, answer=extract_answer(text, prompt.format)
    )
