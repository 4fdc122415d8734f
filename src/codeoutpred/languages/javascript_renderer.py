"""The intermediate language written in JavaScript: numbers, strings, arrays, `Map` and `Set`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from codeoutpred import ir
from codeoutpred.languages import javascript_values
from codeoutpred.languages.javascript_writer import (
    AND,
    CHOICE,
    COMPARISON,
    EQUALITY,
    NULLISH,
    OR,
    POWER,
    PRODUCT,
    SIGN,
    SUM,
    JavaScriptWriter,
    camel_case,
)
from codeoutpred.languages.rendering import (
    LOOSE,
    POSTFIX,
    SAME,
    TIGHT,
    SourceRenderer,
    Spelling,
    function,
    infix,
    method,
    postfix,
    prefix,
)


def _sliced(a: str, start: str, end: str) -> str:
    return f"{a}.slice({start})" if end == f"{a}.length" else f"{a}.slice({start}, {end})"


def _ranged(start: str, end: str) -> str:
    if start == "0":
        return f"[...Array({end}).keys()]"
    return f"Array.from({{ length: {end} - {start} }}, (_, k) => {start} + k)"


def _by_key(items: str, type: str) -> str:
    """Entries in the order of their keys."""
    by = "a[0] - b[0]" if type == "int" else "a[0] < b[0] ? -1 : 1"
    return f"[...{items}].sort((a, b) => {by})"


class JavaScriptRenderer(SourceRenderer):
    """JavaScript of 2022; traces show values as node shows them."""

    SPELLINGS = {  # noqa: RUF012  # a mapping that nobody changes
        "add": infix("+", SUM),
        "sub": infix("-", SUM),
        "concat": infix("+", SUM),
        ("concat", "list"): Spelling(lambda a, b: f"[...{a}, ...{b}]", TIGHT, (OR, OR)),
        "mul": infix("*", PRODUCT),
        "repeat": method("repeat"),
        "negate": prefix("-", SIGN),
        "absolute": function("Math.abs"),
        "minimum": function("Math.min"),
        "maximum": function("Math.max"),
        "power": Spelling(lambda a, b: f"{a} ** {b}", POWER, (POSTFIX, POWER)),
        "floor_div": Spelling(
            lambda a, b: f"Math.floor({a} / {b})", POSTFIX, (PRODUCT, PRODUCT + 1)
        ),
        "floor_mod": Spelling(
            lambda a, b: f"(({a} % {b}) + {b}) % {b}", PRODUCT, (PRODUCT, PRODUCT + 1)
        ),
        "trunc_div": Spelling(
            lambda a, b: f"Math.trunc({a} / {b})", POSTFIX, (PRODUCT, PRODUCT + 1)
        ),
        "trunc_mod": infix("%", PRODUCT),
        "true_div": infix("/", PRODUCT),
        "truncate": function("Math.trunc"),
        "fixed": method("toFixed"),
        "eq": infix("===", EQUALITY),
        "ne": infix("!==", EQUALITY),
        "lt": infix("<", COMPARISON),
        "le": infix("<=", COMPARISON),
        "gt": infix(">", COMPARISON),
        "ge": infix(">=", COMPARISON),
        "not": prefix("!", SIGN),
        "and": infix("&&", AND),
        "or": infix("||", OR),
        "choose": Spelling(
            lambda test, a, b: f"{test} ? {a} : {b}", CHOICE, (NULLISH, NULLISH, CHOICE)
        ),
        "upper": method("toUpperCase"),
        "lower": method("toLowerCase"),
        "trim": method("trim"),
        "replace": method("replaceAll"),
        "split": method("split"),
        "join": method("join"),
        "starts_with": method("startsWith"),
        "ends_with": method("endsWith"),
        "find": method("indexOf"),
        "pad": method("padStart"),
        "to_text": function("String"),
        ("to_text", "char"): SAME,
        "parse": Spelling(lambda a: f"parseInt({a}, 10)"),
        "code": postfix("{0}.charCodeAt(0)"),
        "from_code": function("String.fromCharCode"),
        "is_digit": postfix("/[0-9]/.test({0})"),
        "is_letter": postfix("/[A-Za-z]/.test({0})"),
        "is_upper": postfix("/[A-Z]/.test({0})"),
        "length": postfix("{0}.length"),
        ("length", "map"): postfix("{0}.size"),
        ("length", "set"): postfix("{0}.size"),
        "at": postfix("{0}[{1}]"),
        "slice": Spelling(_sliced, POSTFIX, (POSTFIX, LOOSE)),
        "reversed": Spelling(lambda a: f"[...{a}].reverse()", POSTFIX, (OR,)),
        ("reversed", "str"): Spelling(lambda a: f'[...{a}].reverse().join("")', POSTFIX, (OR,)),
        "contains": method("includes"),
        ("contains", "set"): method("has"),
        "count": Spelling(
            lambda a, b: f"{a}.filter((one) => one === {b}).length", POSTFIX, (POSTFIX, SUM)
        ),
        ("count", "str"): Spelling(
            lambda a, b: f"{a}.split({b}).length - 1", SUM, (POSTFIX, LOOSE)
        ),
        "list": Spelling(lambda *items: f"[{', '.join(items)}]", TIGHT),
        "copy": Spelling(lambda a: f"[...{a}]", TIGHT, (OR,)),
        "last": postfix("{0}.at(-1)"),
        "index": method("indexOf"),
        "sum": postfix("{0}.reduce((sum, one) => sum + one, 0)"),
        "smallest": Spelling(lambda a: f"Math.min(...{a})", POSTFIX, (OR,)),
        "largest": Spelling(lambda a: f"Math.max(...{a})", POSTFIX, (OR,)),
        "sorted": Spelling(lambda a: f"[...{a}].sort()", POSTFIX, (OR,)),
        ("sorted", "ints"): Spelling(lambda a: f"[...{a}].sort((a, b) => a - b)", POSTFIX, (OR,)),
        "fill": Spelling(lambda a, times: f"Array({times}).fill({a})"),
        "range": Spelling(_ranged, POSTFIX, (LOOSE, SUM + 1)),
        "range_step": Spelling(
            lambda a, b, step: (
                f"Array.from({{ length: Math.ceil(({b} - {a}) / {step}) }}, "
                f"(_, k) => {a} + k * {step})"
            ),
            POSTFIX,
            (SUM, SUM + 1),
        ),
        "enumerate": postfix("{0}.entries()"),
        "zip": Spelling(
            lambda a, b: f"{a}.slice(0, {b}.length).map((one, k) => [one, {b}[k]])",
            POSTFIX,
            (POSTFIX, POSTFIX),
        ),
        "any": postfix("{0}.some(Boolean)"),
        "all": postfix("{0}.every(Boolean)"),
        "tuple": Spelling(lambda *items: f"[{', '.join(items)}]", TIGHT),
        "item_0": postfix("{0}[0]"),
        "item_1": postfix("{0}[1]"),
        "item_2": postfix("{0}[2]"),
        "get": method("get"),
        "get_or": Spelling(
            lambda a, key, other: f"{a}.get({key}) ?? {other}", NULLISH, (POSTFIX, LOOSE, SUM)
        ),
        "has_key": method("has"),
        "keys": Spelling(lambda a: f"[...{a}.keys()].sort()", POSTFIX, (POSTFIX,)),
        ("keys", "ints"): Spelling(
            lambda a: f"[...{a}.keys()].sort((a, b) => a - b)", POSTFIX, (POSTFIX,)
        ),
        "items": Spelling(lambda a: _by_key(a, "str"), POSTFIX, (POSTFIX,)),
        ("items", "ints"): Spelling(lambda a: _by_key(a, "int"), POSTFIX, (POSTFIX,)),
        "values": Spelling(lambda a: f"[...{a}.values()]", TIGHT, (POSTFIX,)),
        "to_set": function("new Set"),
        "union": Spelling(lambda a, b: f"new Set([...{a}, ...{b}])", POSTFIX, (OR, OR)),
        "common": Spelling(
            lambda a, b: f"new Set([...{a}].filter((one) => {b}.has(one)))", POSTFIX, (OR, POSTFIX)
        ),
        "without": Spelling(
            lambda a, b: f"new Set([...{a}].filter((one) => !{b}.has(one)))",
            POSTFIX,
            (OR, POSTFIX),
        ),
        "some": SAME,
        "is_none": Spelling(lambda a: f"{a} === null", EQUALITY, (EQUALITY,)),
        "or_else": Spelling(lambda a, b: f"{a} ?? {b}", NULLISH, (SUM, SUM)),
        "unwrap": SAME,
    }
    MUTATIONS = {  # noqa: RUF012
        "append": method("push"),
        "prepend": method("unshift"),
        "set_at": Spelling("{}[{}] = {}".format),
        "set_key": method("set"),
        "remove_key": method("delete"),
        "group": Spelling("{0}.set({1}, [...({0}.get({1}) ?? []), {2}])".format),
        "insert": method("add"),
    }

    def render(self, module: ir.Module) -> ir.Rendering:
        return JavaScriptWriter(self, module).module_written()

    def name(self, name: str) -> str:
        return camel_case(name)

    def spelling(self, node: ir.Operation) -> Spelling:
        first = node.operands[0].type
        if node.name in ("sorted", "keys", "items") and first.arguments[0] is ir.INT:
            return self.SPELLINGS[node.name, "ints"]
        return super().spelling(node)

    def literal(self, value: Any, type: ir.Type) -> str:
        return javascript_values.literal(value, type)

    def result(self, value: Any, type: ir.Type) -> str:
        return javascript_values.result(value, type)

    def display(self, value: Any, type: ir.Type) -> str:
        return javascript_values.display(value, type)

    def template(self, parts: Sequence[tuple[bool, str]]) -> str:
        inside = (text[1:-1] if fixed else f"${{{text}}}" for fixed, text in parts)
        return f"`{''.join(inside)}`"

    def speller(self, node: ir.Expression | ir.Statement) -> Callable[..., str]:
        if isinstance(node, ir.Print):
            return function("console.log").text
        if isinstance(node, ir.SortedBy):
            key = JavaScriptWriter(self, ir.Module(())).expression(node.key)
            name = self.name(node.variable.name)
            return lambda items: f"[...{items}].sort(by(({name}) => {key}))"
        if isinstance(node, ir.Take):
            return postfix("{0}.shift()" if node.end == "first" else "{0}.pop()").text
        if isinstance(node, ir.Raise):
            return "throw {}".format
        return super().speller(node)
