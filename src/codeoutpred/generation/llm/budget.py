"""What replies cost: tokens counted, prices applied, and a limit that nothing is sent beyond.

>>> account = Account(prices=Prices(input=1.0, output=4.0), max_cost=0.01)
>>> account.reserve(Tokens(1000, 2000)), account.reserve(Tokens(1000, 2000))
(True, False)
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import NamedTuple

from typing_extensions import Self

from codeoutpred.errors import InvalidValueError


class Tokens(NamedTuple):
    """Tokens of prompts and of replies."""

    prompt: int = 0
    reply: int = 0

    def plus(self, other: Tokens) -> Tokens:
        """The sum of both."""
        return Tokens(self.prompt + other.prompt, self.reply + other.reply)

    def minus(self, other: Tokens) -> Tokens:
        """The difference of both."""
        return Tokens(self.prompt - other.prompt, self.reply - other.reply)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Prices of a million tokens, in whatever currency the provider bills."""

    input: float
    output: float

    @classmethod
    def of(cls, input: float | None, output: float | None) -> Self | None:
        """The prices, or None where neither is given; `InvalidValueError` for one alone."""
        if input is None and output is None:
            return None
        if input is None or output is None or not (_is_price(input) and _is_price(output)):
            raise InvalidValueError(
                f"input_price is {input} and output_price is {output}; give both, each a number "
                "of at least 0 for a million tokens"
            )
        return cls(input=input, output=output)

    def cost(self, tokens: Tokens) -> float:
        """What the tokens cost."""
        return (tokens.prompt * self.input + tokens.reply * self.output) / 1e6


class Account:
    """What was spent and what is promised; safe to share between threads.

    `max_cost` and `max_tokens` bound both together: a request is promised its worst case before
    it is sent. Raises `InvalidValueError` for a `max_cost` without prices.
    """

    def __init__(
        self,
        *,
        prices: Prices | None = None,
        max_cost: float | None = None,
        max_tokens: int | None = None,
        spent: Tokens = Tokens(),  # noqa: B008  # immutable
        replies: int = 0,
    ) -> None:
        if max_cost is not None and prices is None:
            raise InvalidValueError(
                "max_cost needs prices to count with; give input_price and output_price, the "
                "provider's prices of a million tokens, or bound max_tokens instead"
            )
        for name, limit in (("max_cost", max_cost), ("max_tokens", max_tokens)):
            if limit is not None and not limit > 0:
                raise InvalidValueError(f"{name} is {limit}; it must be greater than zero")
        self.prices = prices
        self.max_cost = max_cost
        self.max_tokens = max_tokens
        self.spent = spent
        self.replies = replies
        self._promised = Tokens()
        self._lock = threading.Lock()

    def opened(self, spent: Tokens, *, replies: int) -> Account:
        """An account with the same prices and limits, and this spent before."""
        return Account(
            prices=self.prices,
            max_cost=self.max_cost,
            max_tokens=self.max_tokens,
            spent=spent,
            replies=replies,
        )

    def reserve(self, worst: Tokens) -> bool:
        """Promise `worst` to a request; False, and nothing promised, where the limit forbids."""
        with self._lock:
            promised = self._promised.plus(worst)
            if not self._allows(self.spent.plus(promised)):
                return False
            self._promised = promised
            return True

    def release(self, worst: Tokens) -> None:
        """Take back what was promised to a request that has ended."""
        with self._lock:
            self._promised = self._promised.minus(worst)

    def pay(self, tokens: Tokens, *, replies: int = 1) -> None:
        """Count what was spent."""
        with self._lock:
            self.spent = self.spent.plus(tokens)
            self.replies += replies

    def is_overdrawn(self) -> bool:
        """Whether what was spent and what is promised exceed the limit together."""
        with self._lock:
            return not self._allows(self.spent.plus(self._promised))

    def summary(self) -> str:
        """What was spent, in a few words."""
        tokens = f"{self.replies:,} replies, {sum(self.spent):,} tokens"
        if self.prices is None:
            return f"{tokens}, cost unknown"
        return f"{tokens}, cost {self.prices.cost(self.spent):.4f}"

    def refusal(self, worst: Tokens) -> str:
        """Why `worst` cannot be reserved, in a few words."""
        named = (("max_cost", self.max_cost), ("max_tokens", self.max_tokens))
        limits = " and ".join(f"{name} {limit:,}" for name, limit in named if limit is not None)
        next_one = f"{sum(worst):,} tokens"
        if self.prices is not None:
            next_one += f", cost {self.prices.cost(worst):.4f}"
        return (
            f"the limit is reached: {limits}; spent so far: {self.summary()}; the next request "
            f"may come to {next_one}"
        )

    def _allows(self, tokens: Tokens) -> bool:
        if self.max_tokens is not None and sum(tokens) > self.max_tokens:
            return False
        if self.max_cost is None or self.prices is None:
            return True
        return self.prices.cost(tokens) <= self.max_cost


def _is_price(value: float) -> bool:
    return value >= 0 and math.isfinite(value)
