"""JavaScript literals: as programs write them, as node shows them, and what is the same."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess

import pytest
from changed_values import changed
from hypothesis import assume, given
from hypothesis import strategies as st

from codeoutpred import Prediction
from codeoutpred.languages.javascript_literals import (
    literal_type,
    parse_literal,
    render_literal,
    values_equal,
)
from codeoutpred.languages.literal_values import Value
from codeoutpred.testing import CALL_SAMPLE
from codeoutpred.verification.value import ValueVerifier

scalars = (
    st.sampled_from([Value("undefined"), Value("null")])
    | st.booleans().map(lambda b: Value("boolean", b))
    | st.floats().map(lambda x: Value("number", x))
    | st.integers(-(10**15), 10**15).map(lambda x: Value("number", float(x)))
    | st.integers().map(lambda x: Value("bigint", x))
    | st.text(max_size=8).map(lambda s: Value("string", s))
)
keys = st.text(max_size=4).map(lambda s: Value("string", s))


def unique(values):
    return tuple({render_literal(value): value for value in values}.values())


def unique_keys(pairs):
    """NaN is one key, however often it is set."""
    return tuple({render_literal(key): (key, value) for key, value in pairs}.values())


def containers(inner):
    several = st.lists(inner, max_size=4)
    pairs = st.lists(st.tuples(inner, inner), max_size=3)
    names = st.sampled_from(["", "Point", "null prototype"])
    fields = st.dictionaries(keys, inner, max_size=3)
    return (
        several.map(lambda items: Value("array", tuple(items)))
        | several.map(lambda items: Value("set", unique(items)))
        | pairs.map(lambda found: Value("map", unique_keys(found)))
        | st.builds(lambda found, name: Value("object", tuple(found.items()), name), fields, names)
    )


literals = st.recursive(scalars, containers, max_leaves=12)


@given(literals)
def test_a_rendered_value_parses_to_the_same_value_and_type(value):
    text = render_literal(value)
    parsed = parse_literal(text)
    assert values_equal(parsed, value)
    assert literal_type(parsed) == literal_type(value)
    assert render_literal(parsed) == text


def judged(gold, answer):
    sample = dataclasses.replace(CALL_SAMPLE, language="javascript", answer=gold)
    return ValueVerifier().verify(sample, Prediction(sample_id="call", text=answer, answer=answer))


@given(literals)
def test_gold_always_verifies(value):
    text = render_literal(value)
    assert judged(text, text).match == "exact"
    assert judged(text, f"({text})").correct


@given(literals, st.data())
def test_gold_changed_in_one_place_never_verifies(value, data):
    others = list(changed(value))
    assume(others)
    other = render_literal(data.draw(st.sampled_from(others)))
    assert not judged(render_literal(value), other).correct


@given(literals, literals)
def test_another_value_never_verifies(gold, other):
    assume(not values_equal(gold, other))
    assert not judged(render_literal(gold), render_literal(other)).correct


@given(st.text() | st.text(alphabet="[]{}()<>:,.-+=0123456789xneE'\"`\\$ MapSetnewNaI\n"))
def test_any_text_gives_a_value_or_a_value_error(text):
    try:
        value = parse_literal(text)
    except ValueError:
        return
    assert values_equal(value, parse_literal(render_literal(value)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[ 1, 2 ]", "[1,2,]"),
        ("{ a: 1, b: 2 }", '({"b": 2, "a": 1.0})'),
        ("Map(2) { 'a' => 1, 'b' => 2 }", "new Map([['b', 2], ['a', 1]])"),
        ("Set(2) { 1, 2 }", "new Set([2, 1, 2])"),
        ("Map(0) {}", "new Map()"),
        ("'it\\'s'", '"it\'s"'),
        ("'a\\nb'", "`a\nb`"),
        ("'\\x41\\u0042\\u{43}'", "'ABC'"),
        ("'\\ud83d\\ude00'", "'\U0001f600'"),
        ("255", "0xff"),
        ("1000000n", "1_000_000n"),
        ("1e21", "1e+21"),
        ("NaN", "NaN"),
        ("[ <2 empty items>, 1 ]", "[ <2 empty items>, 1 ]"),
    ],
)
def test_the_same_value_written_otherwise_is_equal(one, other):
    assert values_equal(parse_literal(one), parse_literal(other))


DIFFERENT = [
    "undefined", "null", "true", "1", "1n", "-1", "0", "-0", "NaN", "Infinity", "-Infinity", "1.5",
    "'1'", "'undefined'", "''", "[]", "{}", "[ 1 ]", "[ 1, 2 ]", "[ 2, 1 ]", "[ '1' ]", "[ [] ]",
    "{ a: 1 }", "{ a: '1' }", "{ b: 1 }", "Foo { a: 1 }", "Foo {}", "[Object: null prototype] {}",
    "Map(0) {}", "Set(0) {}", "Map(1) { 1 => 2 }", "Map(1) { '1' => 2 }", "Set(1) { 1 }",
    "[ <1 empty item> ]", "[ undefined ]", "{ a: undefined }", "Uint8Array(1) [ 1 ]",
    "Symbol(a)", "/a/", "/a/g", "[Function: f]", "[Function (anonymous)]", "[class A extends B]",
    "2020-01-01T00:00:00.000Z", "{ [Symbol(a)]: 1 }",
]  # fmt: skip


def test_values_that_differ_in_type_or_content_are_never_equal():
    values = [parse_literal(text) for text in DIFFERENT]
    for at, value in enumerate(values):
        assert [values_equal(value, other) for other in values].index(True) == at
        assert sum(values_equal(value, other) for other in values) == 1
    assert [render_literal(value) for value in values] == DIFFERENT


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "x", "1 + 1", "[1] || true", "[1, ,2]", "f()", "{ a }", "{ ...a }", "[...a]",
        "() => 1", "`${1}`", "'a", "'a\nb'", "'\\u12'", "'\\u{110000}'", "1.5n", "1 2", "1;",
        "Set(2) { 1 }", "Set(2) { 1, 1 }", "Map(1) { 1: 2 }", "Map(2) { 1 => 2, 1 => 3 }", "+1n",
        "new Date()", "new Map([1])", "new Set(1)", "process.exit()", "{ a: 1 }.a", "- 1", "!0",
        "[1] // one", "/* */ 1", "(1", "9" * 10_000, "[" * 70 + "]" * 70, "[" * 100_000,
        "1," * 100_000, "[" + "1," * 20_000 + "]", "{ [f()]: 1 }", "1_", "0x", "01n", "<ref *1> {}",
    ],
)  # fmt: skip
def test_these_are_no_literals(text):
    with pytest.raises(ValueError):
        parse_literal(text)


VALUES = """
[1, -0, 1e21, 1e-7, 123456.789, 5e-324, 1.7976931348623157e308, 0.1 + 0.2, NaN, -Infinity]
['it\\'s', "\\"'", "`'\\"", '\\n\\t\\x1b\\\\', '\\u2028\\u00ad', '', '\\ud800']
['\\ud83d\\ude00', '${a}\\'"']
{ a: 1, 'b-c': [], 1: 2, '': null, [Symbol('s')]: undefined, d: { e: { f: { g: { h: 1 } } } } }
new Map([['a', new Set([1, 'b'])], [{ k: 1 }, new Map()], [-0, 0n]])
[, , 1, undefined]
Object.create(null)
new (class Point { constructor() { this.x = 1n; } })()
[new Uint8Array([1, 2]), /a\\/b[/]c/gi, Symbol('a'), new Date(0), new Date(NaN)]
[function f() {}, () => 1, class A {}, class B extends Map {}, async () => 1, parseInt]
Array.from({ length: 150 }, (_, i) => 'item ' + i)
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_what_node_shows_is_read_and_rendered_as_node_shows_it():
    sources = VALUES.strip().splitlines()
    options = "{depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity, "
    options += "breakLength: Infinity, compact: true}"
    script = f"""
    const shown = JSON.parse(process.argv[1]).map(
      (source) => require('util').inspect(eval(`(${{source}})`), {options}));
    console.log(JSON.stringify(shown));"""
    done = subprocess.run(
        ["node", "-e", script, json.dumps(sources)], capture_output=True, text=True, check=True
    )
    shown = json.loads(done.stdout)
    assert [render_literal(parse_literal(text)) for text in shown] == shown
