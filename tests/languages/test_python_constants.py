"""The literals in sight of a reader."""

from __future__ import annotations

import pytest

from codeoutpred.languages.python_constants import find_literals


@pytest.mark.parametrize(
    ("source", "literals"),
    [
        ("", []),
        ("x = 1\ny = 'a'\nprint(x, True)", ["1", "'a'", "True"]),
        ("x = [1, (2, 'b')]", ["[1, (2, 'b')]", "1", "(2, 'b')", "2", "'b'"]),
        ("x = {'a': 1, 'b': [2]}", ["{'a': 1, 'b': [2]}", "'a'", "1", "'b'", "[2]", "2"]),
        ("x = -5\ny = 3 - 5", ["-5", "3", "5"]),
        ("x = [a, 1]", ["1"]),
        ("nan = 1\nx = [nan, 2]", ["1", "2"]),
        ("x = 1 if y else 2", ["1", "2"]),
        ("x = f'a{y + 1:>5}b'", ["1"]),
        ("x = [1,  2.50]  # 3", ["[1, 2.5]", "1", "2.5"]),
        ("x = 1, 2", ["(1, 2)", "1", "2"]),
        ("x = not 1", ["1"]),
        ("x = 2 + 3j", ["(2+3j)"]),
        ("x = ...", []),
        ("def f(", []),
        ("x = '\0'", []),
        ("(" * 1000, []),
    ],
)
def test_literals_are_found_in_their_order(source: str, literals: list[str]) -> None:
    assert find_literals(source) == literals
