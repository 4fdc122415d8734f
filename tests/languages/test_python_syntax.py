"""Python literals out of the ordinary: what Python reads, without a warning, in any thread."""

from __future__ import annotations

import ast
import time
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeoutpred.languages.python_literals import parse_literal, values_equal
from codeoutpred.languages.python_syntax import read_syntax

pieces = st.sampled_from(
    ["1", "-1", "00", "1.5", ".5", "5.", "1e5", "1_0", "0x1F", "0b2", "1j", "True", "None", "'a'",
     r"r'\d'", r"b'\d'", r"Rb'\x'", r"u'\d'", "f'a'", r"'\d'", r"'\1'", r"'\477'", r"'\N{DOT}'",
     r"'\N{DIGIT ONE}'", r"b'\N'", r"'\x4'", "'''a\n'b'''", r'"""\""""', "'\\\n'", "'é'", "é",
     "[", "]", "(", ")", "{", "}", ",", ",", ":", " ", "\n", "\\\n", "#", "+", "if", "or", "0xfor"]
)  # fmt: skip


@given(st.lists(pieces, max_size=8).map("".join))
def test_what_is_read_is_what_python_reads_and_nothing_warns(text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            value = parse_literal(text)
        except ValueError:
            return
        warnings.simplefilter("ignore")
        assert values_equal(value, ast.literal_eval(text.strip()))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"'\d'", r"\d"),
        (r"b'\d\N'", rb"\d\N"),
        (r"rb'\d'", rb"\d"),
        (r"'\N{DIGIT ONE}\1\x41'", "1\x01A"),
        ("'a' \\\n 'b'", "ab"),
        (r"'''it's'''r'\ '", r"it's\ "),
        ("{0x1F, 1_000}", {31, 1000}),
    ],
)
def test_literals_out_of_the_ordinary_have_their_values(text, value):
    assert read_syntax(text) == value


@pytest.mark.parametrize(
    "text",
    ["1if", "0x1for", r"'\477'", "1 # one", "f'a'", "nan()", "{'a'=1}", "\uff4e\uff41\uff4e"],
)
def test_what_the_parser_would_warn_of_or_call_otherwise_is_no_literal(text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError):
            read_syntax(text)


def test_threads_leave_the_filters_of_warnings_alone():
    before = list(warnings.filters)
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda at: parse_literal(rf"'\d{at % 3}'"), range(2_000)))
    assert found == {rf"\d{at}" for at in range(3)}
    assert list(warnings.filters) == before


@pytest.mark.parametrize(
    "text",
    ["}" * 100_000, "1)" * 50_000, "]\r" * 50_000, "0\r" * 50_000, "(" + "\t}" * 50_000,
     "9" * 100_000 + "x", "'''" + "a" * 100_000, "'" * 100_000, "0x" + "_" * 100_000],
)  # fmt: skip
def test_hostile_texts_are_refused_at_once(text):
    times = []
    for _ in range(5):
        start = time.process_time()
        with pytest.raises(ValueError):
            parse_literal(text)
        times.append(time.process_time() - start)
    assert min(times) < 0.05
