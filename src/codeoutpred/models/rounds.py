"""Completion in rounds: sequences that have ended leave the batch.

`generate` goes on until the last row of a batch has ended, so where lengths differ most of its
work is for rows that are over. In rounds, each as long as all before it together, the others
start again from what they have written, and among themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

FIRST_ROUND = 64
"""New tokens of the first round."""

Write = Callable[[list[list[int]], int], Iterable[Sequence[int]]]
"""Given sequences of token ids and a number: up to so many further tokens for each, in order."""


def complete_in_rounds(
    prompts: Sequence[Sequence[int]], new_tokens: int, ends: Collection[int], write: Write
) -> list[list[int]]:
    """The completion of each prompt, in order, to its first end token (kept) or `new_tokens`."""
    completions: list[list[int]] = [[] for _ in prompts]
    unfinished = list(range(len(prompts)))
    written = 0
    while unfinished and written < new_tokens:
        length = min(max(FIRST_ROUND, written), new_tokens - written)
        sequences = [[*prompts[i], *completions[i]] for i in unfinished]
        for i, row in zip(unfinished, write(sequences, length), strict=True):
            completions[i] += up_to_end(row, ends)
        written += length
        unfinished = [i for i in unfinished if completions[i][-1] not in ends]
    return completions


def up_to_end(row: Sequence[int], ends: Collection[int]) -> Sequence[int]:
    """The row up to its first end token, that included; what is behind it is padding."""
    return next((row[: at + 1] for at, token in enumerate(row) if token in ends), row)
