"""The fast reader of Python literals, held against Python's own."""

from __future__ import annotations

import ast
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeoutpred.languages.python_literals import parse_literal, values_equal
from codeoutpred.languages.python_reader import UnusualError, read_literal

pieces = st.sampled_from(
    ["1", "-1", "0", "00", "1.5", ".5", "1e5", "1e400", "1_0", "True", "None", "nan", "-inf", "'a'",
     '"b"', "'\\n'", "'\\x41'", "'\\d'", "'\\1'", "'\\N{DOT}'", "'\\u00e9'", "r'a'", "'''a'''",
     "b'a'", "[", "]", "(", ")", "{", "}", ",", ",", ":", " ", "+", "-", "=", "#", "\\", "1j", "\n",
     "'\u00e9'"]
)  # fmt: skip
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
        | st.sets(st.integers() | st.text(max_size=3), max_size=3)
    ),
    max_leaves=10,
)


def read_by_python(text):
    """What Python's own parser makes of a text that has no names in it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.literal_eval(text.strip())


@given(st.lists(pieces, max_size=8).map("".join))
def test_what_is_read_is_what_python_reads(text):
    try:
        value = read_literal(text.strip())
    except (UnusualError, ValueError):
        return
    if "nan" in text or "inf" in text:  # names, to Python
        return
    assert values_equal(value, read_by_python(text))


@given(values)
def test_what_repr_writes_of_common_values_is_read_as_python_reads_it(value):
    assert values_equal(parse_literal(repr(value)), value)


@pytest.mark.parametrize(
    "text", ["[1, 'a']", "{'a': (1,)}", "-0.5", "{1, 2}", "1, 2,", "()", '"it\'s"', "'\\x41\\n'"]
)
def test_common_literals_take_the_fast_way(text):
    assert values_equal(read_literal(text), read_by_python(text))


@pytest.mark.parametrize(
    "text",
    ["", "1\n", "b'a'", "'a' 'b'", "1j", "set()", "'\\N{DIGIT ONE}'", "1 2", "{[]}",
     "x", "1_0"],
)  # fmt: skip
def test_other_texts_are_left_to_the_parser_of_python(text):
    with pytest.raises(UnusualError):
        read_literal(text)


@pytest.mark.parametrize("text", ["[1", "[1,", "[", "(", "{", "{1:", "{1: [2, 3", "['a', ("])
def test_a_text_that_is_cut_off_is_refused_at_once(text):
    with pytest.raises(ValueError, match="ends before"):
        read_literal(text)


@pytest.mark.parametrize("text", ["1," * 20_000, f"[{'1,' * 20_000}]", f"{{{'1,' * 20_000}}}"])
def test_too_many_values_are_refused(text):
    with pytest.raises(ValueError, match="more than 10000 values"):
        parse_literal(text)
