from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from codeoutpred.data.near_duplicates import SHINGLE, THRESHOLD, NearDuplicates

WORDS = [f"word{number}" for number in range(2000)]


def count(*texts: str) -> int:
    found = NearDuplicates()
    for text in texts:
        found.add(text)
    return found.count()


def words(seed: int, number: int = 200) -> list[str]:
    return random.Random(seed).choices(WORDS, k=number)


def jaccard(one: list[str], other: list[str]) -> float:
    sets = [{tuple(text[at : at + SHINGLE]) for at in range(len(text))} for text in (one, other)]
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


def changed(text: list[str], number: int) -> list[str]:
    """The text with words replaced near its end, so that few shingles change."""
    return [*text[: len(text) - number], *(f"other{at}" for at in range(number))]


def test_no_text_has_no_duplicates() -> None:
    assert count() == 0
    assert count("print(1)") == 0


def test_each_repetition_counts_and_the_first_does_not() -> None:
    text = " ".join(words(1))
    assert count(*[text] * 5) == 4


def test_blank_space_between_tokens_means_nothing() -> None:
    assert count("a=b+c;print(a)", "a = b  +  c ; print ( a )") == 1


def test_different_texts_are_no_duplicates() -> None:
    assert count(*(" ".join(words(seed)) for seed in range(300))) == 0


def test_texts_well_above_the_threshold_are_found_and_those_well_below_are_not() -> None:
    for seed in range(40):
        text = words(seed)
        near, far = changed(text, 5), changed(text, 50)
        assert jaccard(text, near) > THRESHOLD + 0.1
        assert jaccard(text, far) < THRESHOLD - 0.1
        assert count(" ".join(text), " ".join(near)) == 1
        assert count(" ".join(text), " ".join(far)) == 0


@settings(max_examples=50)
@given(text=st.text(alphabet=st.characters(codec=None)))
def test_any_text_repeats_itself(text: str) -> None:
    assert count(text, text) == 1
