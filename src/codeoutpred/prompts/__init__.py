"""Samples become prompts, and model texts become predictions: one room for both.

Training, reward and evaluation all build their prompts and extract their answers here, so that
what is learnt is what is asked and what is scored.
"""

from codeoutpred.prompts.building import (
    CUES,
    ELLIPSIS,
    FIRST_STEPS,
    LAST_STEPS,
    PROMPT_FORMATS,
    build_prompt,
    check_format,
    question,
    shorten,
)
from codeoutpred.prompts.extraction import extract_answer, to_prediction

__all__ = [
    "CUES",
    "ELLIPSIS",
    "FIRST_STEPS",
    "LAST_STEPS",
    "PROMPT_FORMATS",
    "build_prompt",
    "check_format",
    "extract_answer",
    "question",
    "shorten",
    "to_prediction",
]
