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


def test_a_syntax_error_is_told_by_its_words() -> None:
    assert fingerprint("def  f(\n x") == fingerprint("def f(  x") == "def f( x"


@pytest.mark.parametrize("source", ["x = 1\0", "x = '\ud800'", "(" * 10_000, "-" * 100_000 + "1"])
def test_any_text_has_a_fingerprint(source: str) -> None:
    assert isinstance(fingerprint(source), str)
