"""Programs that only look different have one fingerprint, others have their own."""

from __future__ import annotations

import pytest

from codeoutpred.languages.python_fingerprint import fingerprint

SOURCE = """
def area(width, height):
    # the area
    size = width * height
    return [size, len("ab")]

print(area(3, 4))
"""


@pytest.mark.parametrize(
    "source",
    [
        SOURCE.replace("    # the area\n", ""),
        SOURCE.replace("size", "product"),
        SOURCE.replace("area", "f").replace("width", "a").replace("height", "b"),
        SOURCE.replace(" * ", "*").replace("\n\n", "\n\n\n"),
        SOURCE.replace('"ab"', "'ab'"),
        SOURCE.replace("width * height", "(width * height)"),
    ],
)
def test_renamed_reformatted_and_commented_programs_are_one(source: str) -> None:
    assert source != SOURCE
    assert fingerprint(source) == fingerprint(SOURCE)


@pytest.mark.parametrize(
    "source",
    [
        SOURCE.replace("3", "5"),
        SOURCE.replace("3", "3.0"),
        SOURCE.replace("3", "True"),
        SOURCE.replace("*", "+"),
        SOURCE.replace("len", "max"),
        SOURCE.replace("width * height", "height * width"),
        SOURCE.replace("print(area(3, 4))", "area(3, 4)"),
        "",
    ],
)
def test_programs_of_other_constants_or_structure_differ(source: str) -> None:
    assert fingerprint(source) != fingerprint(SOURCE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("def f(count): return 'a'.count('b') + count", "def g(x): return 'a'.count('b') + x"),
        ("def f(key): return sorted(key, key=len)", "def f(x): return sorted(x, key=len)"),
        ("try: f()\nexcept OSError as e: g(e)", "try: f()\nexcept OSError as x: g(x)"),
        ("import math as m; print(m.pi)", "import math as n; print(n.pi)"),
        ("match f():\n case [a, *b]: g(a, b)", "match f():\n case [x, *y]: g(x, y)"),
        ("match f():\n case {1: 2, **a}: g(a)", "match f():\n case {1: 2, **x}: g(x)"),
        ("def f(*, wide): return wide\nf(wide=1)", "def f(*, x): return x\nf(x=1)"),
        ("def f():\n global n\n n = 1", "def f():\n global x\n x = 1"),
        ("class A:\n def go(self): return 1\nA().go()", "class B:\n def f(x): return 1\nB().f()"),
        ("class A:\n def f(self): self.x = 1; self.x", "class A:\n def f(me): me.y = 1; me.y"),
    ],
)
def test_own_names_are_renamed_wherever_they_stand_and_no_others(one: str, other: str) -> None:
    assert one != other
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("f(key=1)", "f(keys=1)"),
        ("import math", "import cmath"),
        ("from math import sin as f", "from math import cos as f"),
        ("def f(a): return a.lower()", "def f(a): return a.upper()"),
        (
            "class A:\n def f(a): 1\n def g(a): 2\nA().f()",
            "class A:\n def f(a): 1\n def g(a): 2\nA().g()",
        ),
    ],
)
def test_names_of_others_count(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_a_syntax_error_is_told_by_its_words() -> None:
    assert fingerprint("def  f(\n x") == fingerprint("def f(  x") == "def f( x"


@pytest.mark.parametrize("source", ["x = 1\0", "x = '\ud800'", "(" * 10_000, "-" * 100_000 + "1"])
def test_any_text_has_a_fingerprint(source: str) -> None:
    assert isinstance(fingerprint(source), str)
