"""What the amounts of all rewards have in common."""

from __future__ import annotations

import math

from codeoutpred.errors import InvalidValueError
from codeoutpred.records import Sample


def is_judgeable(sample: Sample) -> bool:
    """Whether the sample's answer was verified, so that a prediction can be held against it."""
    return sample.status in ("ok", "exception")


def check_amounts(reward: str, **rising: float) -> None:
    """Raise `InvalidValueError` unless the amounts are finite, 0 or more, and rise.

    The last is that of a right answer: it must be above all others, which may be the same.
    """
    names, amounts = list(rising), list(rising.values())
    partial, right = [0.0, *amounts[:-1]], amounts[-1]
    if all(map(math.isfinite, amounts)) and partial == sorted(partial) and partial[-1] < right:
        return
    given = ", ".join(f"{name}={amount}" for name, amount in rising.items())
    order = " <= ".join(["0", *names[:-1]])
    raise InvalidValueError(f"reward {reward!r}: {given}; needed is {order} < {names[-1]}")


def check_share(reward: str, **shares: float) -> None:
    """Raise `InvalidValueError` for a share that does not lie between 0 and 1."""
    for name, share in shares.items():
        if not 0 <= share <= 1:
            raise InvalidValueError(f"reward {reward!r}: {name}={share} must lie between 0 and 1")
