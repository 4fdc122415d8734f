from __future__ import annotations

from collections import Counter

from data_toys import make_language
from hypothesis import given
from hypothesis import strategies as st

from codeoutpred.data.split import SPLITS, program_fingerprint, quotas, split_of

NAMES = st.from_regex(r"[a-z]{2,6}_", fullmatch=True)
LANGUAGES = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8, unique=True)


KNOWN = [
    "train",
    "train",
    "train",
    "train",
    "train",
    "train",
    "train",
    "train",
    "test",
    "validation",
    "test",
    "train",
    "train",
    "train",
    "train",
    "train",
    "train",
    "test",
    "train",
    "train",
    "train",
    "train",
    "train",
    "train",
]


def test_the_buckets_of_known_programs_never_change() -> None:
    """Shipped weights rely on these: if this test fails, the code is wrong, not the test."""
    assert [split_of(f"python:{number}") for number in range(24)] == KNOWN


def test_the_buckets_have_the_promised_shares() -> None:
    number = 20_000
    shares = Counter(split_of(f"program {index}") for index in range(number))
    assert abs(shares["train"] / number - 0.85) < 0.01
    assert abs(shares["validation"] / number - 0.05) < 0.01
    assert abs(shares["test"] / number - 0.10) < 0.01


@given(one=NAMES, other=NAMES, a=st.integers(0, 99), b=st.integers(0, 99))
def test_a_renamed_or_reformatted_program_stays_in_its_split(one, other, a, b) -> None:
    toy = make_language()
    first = program_fingerprint(toy, f"{one} = {a}\nprint({one} + {b})")
    second = program_fingerprint(toy, f"{other}={a}\n\nprint( {other}+{b} )")
    assert split_of(first) == split_of(second)


def test_the_same_text_in_two_languages_is_two_programs() -> None:
    one, other = (program_fingerprint(make_language(name), "print(1)") for name in ("toy", "toy2"))
    assert one != other


def test_a_source_that_is_no_unicode_text_has_a_split_too() -> None:
    assert split_of("toy:\ud800") in SPLITS


@given(num_samples=st.integers(8, 3000), languages=LANGUAGES)
def test_quotas_add_up_and_none_is_negative(num_samples: int, languages: list[str]) -> None:
    wanted = quotas(num_samples, dict.fromkeys(languages, 1))
    assert sum(wanted.values()) == num_samples
    assert min(wanted.values()) >= 0


@given(num_samples=st.integers(8, 3000), languages=LANGUAGES)
def test_quotas_share_each_split_evenly(num_samples: int, languages: list[str]) -> None:
    wanted = quotas(num_samples, dict.fromkeys(languages, 1))
    per_language = [sum(wanted[name, split] for split in SPLITS) for name in languages]
    validation = [wanted[name, "validation"] for name in languages]
    test = [wanted[name, "test"] for name in languages]
    assert sum(validation) == round(0.05 * num_samples)
    assert sum(test) == round(0.10 * num_samples)
    assert all(max(shares) - min(shares) <= 1 for shares in (per_language, validation, test))
