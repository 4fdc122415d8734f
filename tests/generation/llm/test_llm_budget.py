"""Tokens, prices and limits."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeoutpred.errors import InvalidValueError
from codeoutpred.generation.llm.budget import Account, Prices, Tokens

COUNTS = st.integers(min_value=0, max_value=3000)


@given(
    limit=st.integers(min_value=1, max_value=20_000),
    steps=st.lists(st.tuples(COUNTS, COUNTS, st.floats(min_value=0, max_value=1))),
)
def test_a_limit_holds_whatever_is_asked_as_long_as_replies_stay_below_their_worst_case(
    limit, steps
):
    account = Account(max_tokens=limit)
    promised = []
    for prompt, reply, share in steps:
        worst = Tokens(prompt, reply)
        if account.reserve(worst):
            promised.append((worst, share))
        elif promised:
            ended, share = promised.pop(0)
            account.pay(Tokens(int(ended.prompt * share), int(ended.reply * share)))
            account.release(ended)
    for ended, _ in promised:
        account.pay(ended)
        account.release(ended)
    assert sum(account.spent) <= limit


def test_a_cost_is_that_of_both_kinds_of_tokens():
    assert Prices(input=2.0, output=10.0).cost(Tokens(1_000_000, 500_000)) == 7.0


def test_what_was_promised_and_given_back_can_be_promised_again():
    account = Account(max_tokens=10)
    assert account.reserve(Tokens(5, 5))
    assert not account.reserve(Tokens(1, 0))
    account.release(Tokens(5, 5))
    assert account.reserve(Tokens(5, 5))


def test_without_prices_the_cost_is_unknown():
    account = Account()
    account.pay(Tokens(1000, 234))
    assert account.summary() == "1 replies, 1,234 tokens, cost unknown"


def test_a_limit_of_cost_needs_prices():
    with pytest.raises(InvalidValueError, match=r"max_cost needs prices.*input_price"):
        Account(max_cost=1.0)


@pytest.mark.parametrize("prices", [(1.0, None), (None, 1.0), (-1.0, 1.0), (1.0, math.nan)])
def test_prices_come_in_pairs_of_numbers(prices):
    with pytest.raises(InvalidValueError, match="give both"):
        Prices.of(*prices)


@pytest.mark.parametrize("limit", [0, -1, math.nan])
def test_a_limit_is_greater_than_zero(limit):
    with pytest.raises(InvalidValueError, match="greater than zero"):
        Account(max_tokens=limit)
