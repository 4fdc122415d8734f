"""Completion in rounds."""

from __future__ import annotations

import pytest

from codeoutpred.models.rounds import FIRST_ROUND, complete_in_rounds, up_to_end

END = 0


class Countdown:
    """Writes down from the last token of a sequence to the end token; notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def __call__(self, sequences: list[list[int]], length: int) -> list[list[int]]:
        self.asked.append((len(sequences), length))
        # As `generate` does, a row that has ended is padded to the longest.
        return [[max(0, row[-1] - at) for at in range(1, length + 1)] for row in sequences]


@pytest.mark.parametrize("first", [1, 5, FIRST_ROUND, FIRST_ROUND + 1, 3 * FIRST_ROUND])
def test_a_completion_is_the_one_of_a_single_round(first: int) -> None:
    [row] = complete_in_rounds([[first]], 1000, {END}, Countdown())
    assert row == list(range(first - 1, -1, -1))


def test_rows_that_have_ended_are_not_asked_again() -> None:
    write = Countdown()
    complete_in_rounds([[3], [FIRST_ROUND + 9], [3 * FIRST_ROUND]], 1000, {END}, write)
    assert write.asked == [
        (3, FIRST_ROUND),
        (2, FIRST_ROUND),
        (1, 2 * FIRST_ROUND),
    ]


def test_no_more_tokens_are_written_than_asked_for() -> None:
    write = Countdown()
    [row] = complete_in_rounds([[5000]], FIRST_ROUND + 7, {END}, write)
    assert len(row) == FIRST_ROUND + 7
    assert sum(length for _, length in write.asked) == FIRST_ROUND + 7


def test_what_is_behind_the_end_is_cut_off() -> None:
    assert up_to_end([5, 4, END, END], {END}) == [5, 4, END]
    assert up_to_end([5, 4], {END}) == [5, 4]


def test_no_prompts_ask_for_nothing() -> None:
    write = Countdown()
    assert complete_in_rounds([], 10, {END}, write) == []
    assert write.asked == []
