"""JavaScript and Rust by their tokens: what only looks different is one, all else is apart."""

from __future__ import annotations

import pytest

from codeoutpred.languages.javascript import JAVASCRIPT
from codeoutpred.languages.rust import RUST

JS = """
class Account {
  constructor(owner) { this.owner = owner; this.total = 0; }
  deposit(amount) { this.total += amount; return this; }
}
// money in
function summary(items, rate = 0.5) {
  const parts = items.map((item) => item / rate).filter(x => /a[/]b/g.test(`${x}-${rate}`));
  const { name, size: extent } = { name: 'it\\'s', size: parts.length };
  return [name, extent, new Account(name).deposit(3).total];
}
"""
RS = """
use std::collections::HashMap as Map;
#[derive(Debug)]
struct Shape<'a> { width: i64, label: &'a str }
enum Kind { Round(f64), Flat }
impl<'a> Shape<'a> {
    fn area(&self) -> i64 { self.width * 2 }
}
/* a longer
   comment */
fn count(items: &[i64], len: usize) -> String {
    let total: i64 = items.iter().map(|x| x + 1).sum();
    let shape = Shape { width: total, label: "a" };
    let kind = if items.len() > len { Kind::Round(1.5) } else { Kind::Flat };
    println!("{total} {:?}", 'x');
    match kind { Kind::Round(r) => format!("{r} {}", shape.area()), Kind::Flat => String::new() }
}
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("// money in\n", ""),
        ("// money in", "/* money\n in */"),
        ("Account", "Purse"),
        ("deposit", "put"),
        ("this.total", "this.sum"),
        ("parts", "pieces"),
        ("parts", "length"),
        ("summary", "f"),
        ("rate", "$r"),
        ("'it\\'s'", '"it\'s"'),
        ("return this;", "return this"),
        ("{ name, size: extent }", "{name, size: extent,}"),
        ("  ", "\t"),
        ("(item) =>", "item =>"),
        (" / rate", "/rate"),
    ],
)
def test_javascript_renamed_and_reformatted_is_one(old: str, new: str) -> None:
    other = JS.replace(old, new)
    if old == "this.total":
        other = other.replace(").total", ").sum")
    assert other != JS
    assert JAVASCRIPT.fingerprint(other) == JAVASCRIPT.fingerprint(JS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.5", "0.25"),
        ("items.map", "items.flatMap"),
        ("item / rate", "rate / item"),
        ("size: parts", "bulk: parts"),
        ("a[/]b", "a[/]c"),
        ("}-${", "}+${"),
        ("deposit(3)", "deposit(4)"),
        ("+=", "-="),
        ("const parts", "let parts"),
    ],
)
def test_javascript_of_other_constants_or_structure_differs(old: str, new: str) -> None:
    assert old in JS
    assert JAVASCRIPT.fingerprint(JS.replace(old, new, 1)) != JAVASCRIPT.fingerprint(JS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a longer\n   comment", "none"),
        ("Shape", "Form"),
        ("width", "breadth"),
        ("area", "surface"),
        ("Kind", "Sort"),
        ("Flat", "Plain"),
        ("total", "sum_of_all"),
        ("count", "f"),
        ("Map", "Table"),
        ("kind", "k"),
        (" { ", "\n{\n"),
        ('"a" }', '"a", }'),
    ],
)
def test_rust_renamed_and_reformatted_is_one(old: str, new: str) -> None:
    other = RS.replace("HashMap as", "@").replace(old, new).replace("@", "HashMap as")
    assert other != RS
    assert RUST.fingerprint(other) == RUST.fingerprint(RS)


def test_a_variable_named_like_a_method_of_others_is_renamed_alone() -> None:
    other = RS.replace("len: usize", "most: usize").replace("> len", "> most")
    assert RUST.fingerprint(other) == RUST.fingerprint(RS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1.5", "2.5"),
        ("'x'", "'y'"),
        ("HashMap", "BTreeMap"),
        ("i64", "i32"),
        (".sum()", ".product()"),
        ("x + 1", "x - 1"),
        ("println!", "eprintln!"),
        ("{total}", "{:?}"),
        ("&self", "self"),
    ],
)
def test_rust_of_other_constants_or_structure_differs(old: str, new: str) -> None:
    assert old in RS
    assert RUST.fingerprint(RS.replace(old, new)) != RUST.fingerprint(RS)


@pytest.mark.parametrize("language", [JAVASCRIPT, RUST])
@pytest.mark.parametrize(
    "source", ["", "`", "`${", "`${`" * 3000, "'", '"\\', "/*", 'r#"', "(" * 10_000, "\ud800\0 #!"]
)
def test_any_text_has_a_fingerprint(language, source: str) -> None:
    assert isinstance(language.fingerprint(source), str)
    assert isinstance(language.computes(source), bool)


@pytest.mark.parametrize(
    ("language", "source"),
    [
        (JAVASCRIPT, "console.log(5);"),
        (JAVASCRIPT, "const x = [1, -2];\nconsole.log(x, 'a')"),
        (JAVASCRIPT, "function f(a) { return 'b'; }"),
        (JAVASCRIPT, "const f = (a) => a;"),
        (RUST, 'fn main() { let x = -5; println!("{} {x}", 7); }'),
        (RUST, "fn f(a: i64) -> i64 { 5 }"),
        (RUST, "fn f(a: &str) -> &str { return a; }"),
    ],
)
def test_a_program_of_literals_computes_nothing(language, source: str) -> None:
    assert not language.computes(source)


@pytest.mark.parametrize(
    ("language", "source"),
    [
        (JAVASCRIPT, "console.log(5 + 1)"),
        (JAVASCRIPT, "console.log(3 - 1)"),
        (JAVASCRIPT, "console.log([1, 2].length)"),
        (JAVASCRIPT, "function f(a) { return a[0]; }"),
        (JAVASCRIPT, "function f(a) { return g(a); }"),
        (JAVASCRIPT, "if (1) console.log(2)"),
        (RUST, "fn f(a: i64, b: i64) -> i64 { a & b }"),
        (RUST, "fn f(a: bool) -> bool { !a }"),
        (RUST, "fn f(a: i64) -> i64 { a - 1 }"),
        (RUST, 'fn main() { println!("{}", f(2)); }'),
    ],
)
def test_an_operation_a_call_or_a_branch_computes(language, source: str) -> None:
    assert language.computes(source)
