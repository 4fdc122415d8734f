"""Two samples, and the answers to them that must not be taken for right."""

from __future__ import annotations

from dataclasses import replace

from codeoutpred.records import Sample

CALL_SAMPLE = Sample(
    id="call",
    program_id="call",
    language="python",
    kind="call",
    source="def f(a, b):\n    return [a, b, a + b, a * b]",
    entry="f",
    arguments="3, 4",
    answer="[3, 4, 7, 12]",
    answer_type="list",
    status="ok",
    trace="",
    generator="",
    difficulty=1,
    operations=("arithmetic",),
    dependent_statements=1,
)
SCRIPT_SAMPLE = replace(
    CALL_SAMPLE,
    id="script",
    program_id="script",
    kind="script",
    source="word = 'green'\nprint(word, len(word))",
    entry="",
    arguments="",
    answer="green 5",
    answer_type="text",
)
SAMPLES = (CALL_SAMPLE, SCRIPT_SAMPLE)
"""What verifiers and rewards are checked on, where they are given no samples of their own."""

JUNK = (
    "",
    " \n\t ",
    "\x00",
    "\ud800",
    "\u200b",
    "((((",
    "@@ no code @@",
    "[" * 50_000 + "]" * 50_000,
    "-" * 50_000 + "1",
    "9" * 200_000,
    "__import__('os').getcwd()",
)
"""Texts that a model may write, and that nothing may stumble over."""

PADDED = (
    "{gold} ok",
    "answer: {gold}",
    "{gold} # {gold}",
    "{gold} {gold}",
    "{gold}\n{gold}",
    "{gold} or 0",
    "[{gold}]",
    "{gold} == {gold}",
    "[ANSWER]{gold}[/ANSWER]",
    "```\n{gold}\n```",
    "0 1 2 True None [] {gold} 'a'",
    "{source}\n{gold}",
)
"""Answers that hold the right one and are not it, by the gold text and the program's source."""

REASONING = "so " * 5_000
"""What a model may write before an answer."""

WRONG = "@"
"""An answer that is wrong for every sample, and like none."""


def near_answer(sample: Sample) -> str:
    """An answer that is not right, and as like the right one as can be: one character differs."""
    at = len(sample.answer) // 2
    return f"{sample.answer[:at]}~{sample.answer[at + 1 :]}"


def wrong_answers(sample: Sample) -> list[str]:
    """Answers to the sample that are plainly wrong, padded with the right one, or junk."""
    padded = [
        template.replace("{gold}", sample.answer).replace("{source}", sample.source)
        for template in PADDED
    ]
    return [WRONG, *padded, *JUNK]
