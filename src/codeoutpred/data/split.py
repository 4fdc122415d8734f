"""Which programs are trained on and which are asked: decided by the program alone, for ever.

    >>> split_of("python:print(1)") == split_of("python:print(1)")
    True

The bucket of a program depends on nothing but its fingerprint: no seed, no dataset, no position.
So a model trained on the train split of one dataset has never seen a test program of any other
dataset, and weights shipped with the library have never seen a test program of a user's dataset.
The buckets must therefore never change; every shipped weight and every published number relies on
them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Literal

from codeoutpred.protocols import Language

Split = Literal["train", "validation", "test"]

SPLITS: tuple[Split, ...] = ("train", "validation", "test")


def program_fingerprint(language: Language, source: str) -> str:
    """What stays the same when a program is renamed or reformatted, with its language's name."""
    return f"{language.name}:{language.fingerprint(source)}"


def split_of(fingerprint: str) -> Split:
    """The split of a program, by its fingerprint: 85 % train, 5 % validation, 10 % test."""
    digest = hashlib.sha256(fingerprint.encode("utf-8", "surrogatepass")).digest()
    bucket = int.from_bytes(digest[:8], "big") % 100
    if bucket < 85:
        return "train"
    return "validation" if bucket < 90 else "test"


def quotas(num_samples: int, languages: Sequence[str]) -> dict[tuple[str, Split], int]:
    """How many samples each language gives to each split; they add up to `num_samples` exactly.

    Of the whole, 5 % are for validation and 10 % for test, rounded (both may be 0 for a very
    small dataset), the rest for training; what does not divide evenly goes to the languages in
    turn.
    """
    shares = {"validation": round(0.05 * num_samples), "test": round(0.10 * num_samples)}
    wanted: dict[tuple[str, Split], int] = {}
    turn = 0
    for position, language in enumerate(languages):
        extra = position < num_samples % len(languages)
        wanted[language, "train"] = num_samples // len(languages) + extra
    for split in SPLITS[1:]:
        share, left_over = divmod(shares[split], len(languages))
        for language in languages:
            wanted[language, split] = share
        for _ in range(left_over):
            wanted[languages[turn % len(languages)], split] += 1
            turn += 1
        for language in languages:
            wanted[language, "train"] -= wanted[language, split]
    return wanted
