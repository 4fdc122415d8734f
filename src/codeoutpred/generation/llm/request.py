"""What is asked of the model: request number `n` of a seed is a function of (name, seed, n) alone.

>>> draw_request("openai-python", "python", seed=0, number=3, levels=(1,)).key
'python:0:3'
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

TOPICS = (
    "an inventory of a shop|a grid of cells|words of a text|accounts of a bank|a waiting queue|"
    "a parser of a tiny notation|a calendar|recipes and their ingredients|scores of a game|"
    "a library that lends books|prices and discounts|a robot that follows commands|matrices|"
    "intervals that overlap|a cipher|votes of an election|a stack machine|temperatures of a week|"
    "a playlist|graphs and paths|sorting by several keys|number sequences|prime factors|"
    "a schedule of tasks|bits and masks|a tree of folders|seats of a train|measurements with gaps|"
    "brackets and nesting|a vending machine|run lengths|a tournament"
).split("|")
"""What programs are about where the user names no topics."""

FEATURES = (
    "a loop that ends early|recursion|a nested loop|sorting|a map from keys to values|slices or "
    "ranges|building a string piece by piece|integer division and remainder|a condition with "
    "several branches|a running total|swapping values|a set or a check for duplicates|an early "
    "return|a helper function|negative numbers|booleans|characters and their positions|a record "
    "or small class|an error that is caught|a list of lists"
).split("|")
"""What programs should make use of, two at a time: without this a model repeats itself."""

LEVELS = {
    1: "very easy: 2 to 5 lines, a single idea",
    2: "easy: 4 to 10 lines, one loop or two conditions",
    3: "medium: 8 to 18 lines, several steps that depend on each other",
    4: "hard: 12 to 30 lines, state that changes over many steps",
    5: "very hard: 20 to 45 lines, several functions that work together",
}
"""What a model is told of each level of difficulty."""

CALLED = ("python", "javascript", "rust")
"""The languages whose functions can be called with arguments; in the others, whole programs."""

CALL_SHARE = 0.5
INPUTS = 3
"""Inputs asked for with each function."""

_TEXT = {"type": "string"}
_PROGRAM = {
    "language": _TEXT,
    "source": _TEXT,
    "entry": _TEXT,
    "arguments": {"type": "array", "items": _TEXT},
}
SCHEMA = {
    "type": "object",
    "properties": {
        "programs": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": _PROGRAM,
                "required": list(_PROGRAM),
                "additionalProperties": False,
            },
        }
    },
    "required": ["programs"],
    "additionalProperties": False,
}
"""The JSON schema of a reply, in the strict form that OpenAI asks for."""

_SYSTEM = (
    "You write small programs from which others learn to predict what code does. "
    "You reply with JSON and nothing else."
)
_RULES = """\
Write {number} different programs in {language} about {topic}.
Difficulty: {level}.
Make use of {features}, where it fits.
{form}
Each program needs nothing but the standard library, no input, file, network, clock or random \
number, ends within a tenth of a second, and gives the same result every time. The result depends \
on several steps, cannot be read off the source, and is at most 200 characters long. No comment \
says what the result is. Names and style differ from program to program (variation {variation}).

Reply with JSON of this form, sources and arguments as text:
{example}"""
_SCRIPT = 'Each is a whole program that prints its result; "entry" is empty and "arguments" too.'
_CALL = (
    'Each is a function with its helpers and nothing else: "entry" is its name, and "arguments" '
    f"are {INPUTS} different inputs, each the text between the parentheses of a call, "
    "made of {language} literals."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request: `programs` programs in `language`; `key` names its reply in the journal."""

    key: str
    language: str
    level: int
    programs: int
    is_call: bool
    messages: tuple[dict[str, str], ...]

    @property
    def samples(self) -> int:
        """The samples that come of it if every program is good."""
        return self.programs * (INPUTS if self.is_call else 1)


def draw_request(
    name: str,
    language: str,
    *,
    seed: int,
    number: int,
    levels: Sequence[int],
    topics: Sequence[str] = TOPICS,
    programs: int = 5,
) -> Request:
    """Request number `number` of `seed`."""
    rng = random.Random(f"{name}:{seed}:{number}")
    level, topic = rng.choice(levels), rng.choice(topics)
    features = " and ".join(rng.sample(FEATURES, 2))
    is_call = language in CALLED and rng.random() < CALL_SHARE
    variation = f"{rng.getrandbits(32):08x}"
    example: dict[str, Any] = {"language": language, "source": "...", "entry": "", "arguments": []}
    if is_call:
        example.update(entry="...", arguments=["..."] * INPUTS)
    text = _RULES.format(
        number=programs,
        language=language,
        topic=topic,
        level=LEVELS[level],
        features=features,
        form=_CALL.format(language=language) if is_call else _SCRIPT,
        variation=variation,
        example=json.dumps({"programs": [example]}),
    )
    return Request(
        key=f"{language}:{seed}:{number}",
        language=language,
        level=level,
        programs=programs,
        is_call=is_call,
        messages=({"role": "system", "content": _SYSTEM}, {"role": "user", "content": text}),
    )
