"""Answers made to be paid without being right: none earns more than a wrong answer does."""

from __future__ import annotations

import dataclasses

import pytest

from codeoutpred import Prediction
from codeoutpred.plugins import default_plugins

GOLDS = ["[3, 4, 7, 12]", "'the quick brown fox'", "True", "12", "{'a': 1, 'b': [2, 3]}", "-0.5"]

HACKS = {
    "empty": "",
    "no answer": None,
    "white space": " \n\t ",
    "zero-width space": "\u200b",
    "a full stop": ".",
    "gold then a word": "{gold} ok",
    "gold then a comment": "{gold} # {gold}",
    "gold after a word": "answer: {gold}",
    "gold in brackets of prose": "({gold}) I think",
    "gold twice": "{gold} {gold}",
    "gold twice on lines": "{gold}\n{gold}",
    "gold padded by one character": "{gold}.",
    "gold with a comma": "{gold},",
    "gold and an alternative": "{gold} or 0",
    "or True": "{gold} or True",
    "compared with itself": "{gold} == {gold}",
    "conditional": "{gold} if True else 0",
    "gold in a list": "[{gold}]",
    "gold in a fence": "```\n{gold}\n```",
    "gold in tags": "[ANSWER]{gold}[/ANSWER]",
    "nested tags": "[ANSWER][ANSWER]{gold}[/ANSWER]",
    "every plausible value": "0 1 2 3 4 5 6 7 8 9 10 11 12 True False None [] {gold} 'a'",
    "the prompt echoed": "{source}assert f(3, 4) == {gold}",
    "a call": "f(3, 4)",
    "an expression": "[3, 4, 3 + 4, 3 * 4]",
    "a lying object": "type('X', (), {'__eq__': lambda self, other: True})()",
    "an import": "__import__('os').system('true') or {gold}",
    "an enormous answer": "{gold}" * 100_000,
    "an enormous number": "9" * 1_000_000,
    "absurd nesting": "[" * 50_000 + "]" * 50_000,
    "absurd signs": "-" * 100_000 + "1",
    "a null byte": "{gold}\x00",
    "a lone surrogate": "\ud800{gold}",
    "only surrogates": "\ud800\udfff",
    "right-to-left override": "\u202e{gold}",
}


PLUGINS = default_plugins()
REWARDS = {name: PLUGINS.make_reward(name) for name in PLUGINS.rewards.names()}


@pytest.fixture
def earned(sample):
    """(verifier's name, gold, answer, kind) -> what each reward pays for the answer."""

    def pay(verifier, gold, answer, kind):
        asked = dataclasses.replace(sample, kind=kind, answer=gold)
        prediction = Prediction(sample_id=sample.id, text=answer or "", answer=answer)
        verdict = PLUGINS.make_verifier(verifier).verify(asked, prediction)
        return {name: reward(asked, prediction, verdict) for name, reward in REWARDS.items()}

    return pay


@pytest.mark.parametrize("verifier", PLUGINS.verifiers.names())
@pytest.mark.parametrize("kind", ["call", "script"])
@pytest.mark.parametrize("hack", HACKS)
def test_a_hack_earns_no_more_than_a_wrong_answer(verifier, kind, hack, sample, earned):
    template = HACKS[hack]
    for gold in GOLDS:
        answer = template and template.replace("{gold}", gold).replace("{source}", sample.source)
        paid = earned(verifier, gold, answer, kind)
        wrong = earned(verifier, gold, "@", kind)
        for name in REWARDS:
            assert paid[name] is not None
            assert paid[name] <= wrong[name], (name, gold)


@pytest.mark.parametrize("verifier", PLUGINS.verifiers.names())
@pytest.mark.parametrize("kind", ["call", "script"])
@pytest.mark.parametrize("gold", GOLDS)
def test_nothing_but_the_right_answer_earns_what_it_does(verifier, kind, gold, earned):
    right = earned(verifier, gold, gold, kind)
    for answer in (*GOLDS, gold[:-1], gold.replace("1", "2"), gold.upper(), None):
        if answer != gold:
            other = earned(verifier, gold, answer, kind)
            assert all(other[name] < right[name] for name in REWARDS), answer
    blank = earned(verifier, gold, " ", kind)
    assert all(blank[name] <= 0 for name in REWARDS)


@pytest.mark.parametrize("verifier", PLUGINS.verifiers.names())
@pytest.mark.parametrize("kind", ["call", "script"])
@pytest.mark.parametrize(
    ("gold", "fake"),
    [
        ("12", "\uff11\uff12"),
        ("True", "Tru\u0435"),
        ("-0.5", "\u22120.5"),
        ("'the quick brown fox'", "\u02bcthe quick brown fox\u02bc"),
        ("'the quick brown fox'", "'th\u0435 quick brown fox'"),
        ("[3, 4, 7, 12]", "[3, 4, 7, 1\uff12]"),
    ],
)
def test_a_look_alike_never_earns_what_the_right_answer_earns(verifier, kind, gold, fake, earned):
    right, other = earned(verifier, gold, gold, kind), earned(verifier, gold, fake, kind)
    assert all(other[name] < right[name] for name in REWARDS)
