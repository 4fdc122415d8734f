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
from collections.abc import Hashable, Mapping
from typing import Literal, TypeVar

from codeoutpred.protocols import Language

Split = Literal["train", "validation", "test"]

T = TypeVar("T", bound=Hashable)

SPLITS: tuple[Split, ...] = ("train", "validation", "test")


def program_fingerprint(language: Language, source: str) -> str:
    """What stays the same when a program is renamed or reformatted, with its language's name."""
    return f"{language.name}:{language.fingerprint(source)}"


def fingerprint_digest(fingerprint: str) -> str:
    """What stands for a fingerprint where only equality counts: its SHA-256 in hexadecimal."""
    return hashlib.sha256(fingerprint.encode("utf-8", "surrogatepass")).hexdigest()


def split_of(fingerprint: str) -> Split:
    """The split of a program, by its fingerprint: 85 % train, 5 % validation, 10 % test."""
    return split_of_digest(fingerprint_digest(fingerprint))


def split_of_digest(digest: str) -> Split:
    """The same, by the digest of the fingerprint."""
    bucket = int(digest[:16], 16) % 100
    if bucket < 85:
        return "train"
    return "validation" if bucket < 90 else "test"


def turns(shares: Mapping[T, int]) -> list[T]:
    """One round in which each part has as many turns as its share, spread as evenly as can be."""
    total = sum(shares.values())
    credit = dict.fromkeys(shares, 0)
    order = []
    for _ in range(total):
        for part, share in shares.items():
            credit[part] += share
        richest = max(credit, key=credit.__getitem__)
        credit[richest] -= total
        order.append(richest)
    return order


def quotas(num_samples: int, shares: Mapping[T, int]) -> dict[tuple[T, Split], int]:
    """How many samples each part gives to each split; they add up to `num_samples` exactly.

    Of the whole, 5 % are for validation and 10 % for test, rounded (both may be 0 for a very
    small dataset), the rest for training. The parts take turns, through validation, test and
    train, so that every split has close to its share of each.
    """
    order = turns(shares)
    wanted: dict[tuple[T, Split], int] = {}
    dealt = dict.fromkeys(shares, 0)
    end = 0
    for split, size in _sizes(num_samples).items():
        end += size
        rounds, rest = divmod(end, len(order))
        for part, share in shares.items():
            upto = rounds * share + order[:rest].count(part)
            wanted[part, split] = upto - dealt[part]
            dealt[part] = upto
    return wanted


def _sizes(num_samples: int) -> dict[Split, int]:
    validation, test = round(0.05 * num_samples), round(0.10 * num_samples)
    return {"validation": validation, "test": test, "train": num_samples - validation - test}
