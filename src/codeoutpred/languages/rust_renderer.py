"""The intermediate language written in Rust: `i64`, `String`, `Vec`, and ordered maps and sets.

Containers and texts are given to functions by reference; what a function may raise is the `Err` of
a `Result`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from codeoutpred import ir
from codeoutpred.languages import rust_values
from codeoutpred.languages.rendering import (
    LOOSE,
    POSTFIX,
    TIGHT,
    SourceRenderer,
    Spelling,
    function,
    infix,
    method,
    postfix,
)
from codeoutpred.languages.rust_operands import (
    AND,
    CAST,
    COMPARISON,
    IN_BLOCK,
    OR,
    PRODUCT,
    SIGN,
    SUM,
)
from codeoutpred.languages.rust_writer import RustWriter


def _compared(symbol: str) -> Spelling:
    def text(a: str, b: str) -> str:
        # What follows a cast and looks like generic arguments is read as such.
        left = f"({a})" if a.endswith((" as i64", " as f64")) else a
        return f"{left} {symbol} {b}"

    return Spelling(text, COMPARISON, (COMPARISON + 1,))


def _sliced(ending: str) -> Callable[..., str]:
    def text(a: str, start: str, end: str) -> str:
        until = "" if end == f"{a}.len()" else end
        return f"{a}[{'' if start == '0' else start}..{until}]{ending}"

    return text


def _in_block(verb: str) -> Callable[..., str]:
    return lambda a: f"{{ let mut sorted = {a}; sorted.{verb}; sorted }}"


def _collected(steps: str, into: str = "Vec<_>") -> Spelling:
    return postfix(f"{{0}}{steps}.collect::<{into}>()")


def _cast(to: str) -> Spelling:
    return Spelling(lambda a: f"{a} as {to}", CAST, (CAST,))


_SIZE = Spelling(lambda a: f"{a}.len() as i64", CAST, (POSTFIX,))


class RustRenderer(SourceRenderer):
    """Rust of edition 2021; traces show values by `{:?}`."""

    SPELLINGS = {  # noqa: RUF012  # a mapping that nobody changes
        "add": infix("+", SUM),
        "sub": infix("-", SUM),
        ("concat", "str"): infix("+", SUM),
        ("concat", "list"): Spelling(
            lambda a, b: f"[&{a}[..], &{b}[..]].concat()", POSTFIX, (POSTFIX,)
        ),
        "mul": infix("*", PRODUCT),
        "repeat": method("repeat"),
        "negate": Spelling(lambda a: f"-{a}", SIGN, (SIGN + 1,)),
        "absolute": method("abs"),
        "minimum": method("min"),
        "maximum": method("max"),
        "power": method("pow"),
        "floor_div": method("div_euclid"),
        "floor_mod": method("rem_euclid"),
        "trunc_div": infix("/", PRODUCT),
        "trunc_mod": infix("%", PRODUCT),
        "true_div": infix("/", PRODUCT),
        ("true_div", "int"): Spelling(
            lambda a, b: f"{a} as f64 / {b} as f64", PRODUCT, (CAST, CAST)
        ),
        "truncate": _cast("i64"),
        "fixed": Spelling(lambda a, digits: f'format!("{{:.{digits}}}", {a})'),
        "eq": _compared("=="),
        "ne": _compared("!="),
        "lt": _compared("<"),
        "le": _compared("<="),
        "gt": _compared(">"),
        "ge": _compared(">="),
        "not": Spelling(lambda a: f"!{a}", SIGN, (SIGN + 1,)),
        "and": infix("&&", AND),
        "or": infix("||", OR),
        "choose": Spelling(lambda test, a, b: f"if {test} {{ {a} }} else {{ {b} }}", LOOSE),
        "upper": method("to_uppercase"),
        "lower": method("to_lowercase"),
        ("upper", "char"): method("to_ascii_uppercase"),
        ("lower", "char"): method("to_ascii_lowercase"),
        "trim": postfix("{0}.trim().to_string()"),
        "replace": method("replace"),
        "split": postfix("{0}.split({1}).map(str::to_string).collect::<Vec<String>>()"),
        "join": method("join"),
        "starts_with": method("starts_with"),
        "ends_with": method("ends_with"),
        "find": postfix("{0}.find({1}).map_or(-1, |at| at as i64)"),
        "pad": Spelling(lambda a, width, fill: f'format!("{{:{fill[1:-1]}>{width}}}", {a})'),
        "to_text": method("to_string"),
        "parse": postfix("{0}.parse::<i64>().unwrap()"),
        "code": _cast("i64"),
        "from_code": _cast("u8 as char"),
        "is_digit": method("is_ascii_digit"),
        "is_letter": method("is_ascii_alphabetic"),
        "is_upper": method("is_ascii_uppercase"),
        "length": _SIZE,
        "at": postfix("{0}[{1}]"),
        ("at", "str"): postfix("{0}.chars().nth({1}).unwrap()"),
        "slice": Spelling(_sliced(".to_vec()"), POSTFIX, (POSTFIX, LOOSE)),
        ("slice", "str"): Spelling(_sliced(".to_string()"), POSTFIX, (POSTFIX, LOOSE)),
        "reversed": _collected(".iter().rev().cloned()"),
        ("reversed", "str"): _collected(".chars().rev()", "String"),
        "contains": method("contains"),
        "count": Spelling(
            lambda a, b: f"{a}.iter().filter(|&one| *one == {b}).count() as i64",
            CAST,
            (POSTFIX, COMPARISON + 1),
        ),
        ("count", "str"): Spelling(
            lambda a, b: f"{a}.matches({b}).count() as i64", CAST, (POSTFIX, LOOSE)
        ),
        "list": Spelling(lambda *items: f"vec![{', '.join(items)}]", TIGHT),
        "copy": postfix("{0}.to_vec()"),
        "last": Spelling(lambda a: f"*{a}.last().unwrap()", SIGN, (POSTFIX,)),
        ("last", "str"): postfix("{0}.chars().last().unwrap()"),
        "index": Spelling(
            lambda a, b: f"{a}.iter().position(|one| *one == {b}).unwrap() as i64",
            CAST,
            (POSTFIX, COMPARISON + 1),
        ),
        "sum": postfix("{0}.iter().sum::<i64>()"),
        "smallest": Spelling(lambda a: f"*{a}.iter().min().unwrap()", SIGN, (POSTFIX,)),
        "largest": Spelling(lambda a: f"*{a}.iter().max().unwrap()", SIGN, (POSTFIX,)),
        "sorted": Spelling(_in_block("sort()"), IN_BLOCK),
        ("sorted", "set"): _collected(".iter().cloned()"),
        "fill": Spelling(lambda a, times: f"vec![{a}; {times}]", TIGHT),
        "range": Spelling(lambda a, b: f"({a}..{b}).collect::<Vec<i64>>()", POSTFIX, (SUM, SUM)),
        "range_step": Spelling(
            lambda a, b, step: f"({a}..{b}).step_by({step}).collect::<Vec<i64>>()",
            POSTFIX,
            (SUM, SUM, LOOSE),
        ),
        "enumerate": postfix("{0}.iter().enumerate()"),
        "zip": postfix("{0}.iter().zip({1}.iter())"),
        "any": postfix("{0}.iter().any(|&one| one)"),
        "all": postfix("{0}.iter().all(|&one| one)"),
        "tuple": Spelling(lambda *items: f"({', '.join(items)})", TIGHT),
        "item_0": postfix("{0}.0"),
        "item_1": postfix("{0}.1"),
        "item_2": postfix("{0}.2"),
        "get": postfix("{0}[{1}]"),
        "get_or": postfix("{0}.get({1}).cloned().unwrap_or({2})"),
        "has_key": method("contains_key"),
        "keys": _collected(".keys().cloned()"),
        "items": _collected(".iter()"),
        "values": _collected(".values().cloned()"),
        "to_set": _collected(".iter().cloned()", "BTreeSet<_>"),
        "union": postfix("{0}.union({1}).cloned().collect::<BTreeSet<_>>()"),
        "common": postfix("{0}.intersection({1}).cloned().collect::<BTreeSet<_>>()"),
        "without": postfix("{0}.difference({1}).cloned().collect::<BTreeSet<_>>()"),
        "some": function("Some"),
        "is_none": method("is_none"),
        "or_else": method("unwrap_or"),
        "unwrap": method("unwrap"),
    }
    MUTATIONS = {  # noqa: RUF012
        "append": method("push"),
        "prepend": postfix("{0}.insert(0, {1})"),
        "set_at": postfix("{0}[{1}] = {2}"),
        "set_key": method("insert"),
        "remove_key": method("remove"),
        "group": postfix("{0}.entry({1}).or_default().push({2})"),
        "insert": method("insert"),
    }

    def render(self, module: ir.Module) -> ir.Rendering:
        return RustWriter(self, module).module_written()

    def literal(self, value: Any, type: ir.Type) -> str:
        return rust_values.literal(value, type)

    def result(self, value: Any, type: ir.Type) -> str:
        return rust_values.result(value, type)

    def display(self, value: Any, type: ir.Type) -> str:
        return rust_values.display(value, type)

    def template(self, parts: Sequence[tuple[bool, str]]) -> str:
        inside = (text[1:-1] if fixed else f"{{{text}}}" for fixed, text in parts)
        return f'format!("{"".join(inside)}")'

    def speller(self, node: ir.Expression | ir.Statement) -> Callable[..., str]:
        if isinstance(node, ir.Print):
            return function("println!").text
        if isinstance(node, ir.SortedBy):
            key = RustWriter(self, ir.Module(())).expression(node.key)
            return lambda items: f"{items}.sort_by_key(|{node.variable.name}| {key})"
        if isinstance(node, ir.Take):
            return postfix("{0}.remove(0)" if node.end == "first" else "{0}.pop()").text
        if isinstance(node, ir.Raise):
            return "return Err({})".format
        return super().speller(node)
