"""Literals as plain text: for languages whose own nobody parses here."""

from __future__ import annotations

import pytest

from codeoutpred.languages import text_literals as text


def test_newlines_around_a_literal_are_no_part_of_it() -> None:
    assert text.parse_literal("\r\n [ 1,\n2 ] \n\n") == " [ 1,\n2 ] "


@pytest.mark.parametrize("blank", ["", "\n", " \t\n"])
def test_blank_text_is_no_literal(blank: str) -> None:
    with pytest.raises(ValueError, match="empty"):
        text.parse_literal(blank)


def test_values_are_equal_where_the_text_is() -> None:
    assert text.values_equal("{ a: 1 }", "{ a: 1 }")
    assert not text.values_equal("{ a: 1 }", "{a: 1}")


def test_the_fingerprint_stays_when_the_layout_changes() -> None:
    assert text.fingerprint("a =  1\n\nb") == text.fingerprint("a = 1 b")
    assert text.fingerprint("a = 1") != text.fingerprint("b = 1")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("x = -1.5 + f('a', 0x1F)", ["-1.5", "'a'", "0x1F"]),
        ("a - 1, b-2, [-3], (4) - 5", ["1", "2", "-3", "4", "5"]),
        ("1_000n 2L 3.5f 1e-9 .5 7.", ["1_000n", "2L", "3.5f", "1e-9", ".5", "7."]),
        (r""""it\"s" 'a b' "\n" '"' """, [r'"it\"s"', "'a b'", r'"\n"', "'\"'"]),
        ("x1 = y2.z3 a1b", []),
        ("'open\n1", ["1"]),
    ],
)
def test_numbers_and_quoted_texts_are_found_in_order(source: str, found: list[str]) -> None:
    assert text.find_literals(source) == found
