"""The intermediate language written in Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from codeoutpred import ir
from codeoutpred.languages.python_literals import render_literal
from codeoutpred.languages.python_writer import (
    AND,
    CHOICE,
    COMMON,
    COMPARISON,
    NOT,
    OR,
    POWER,
    PRODUCT,
    SIGN,
    SUM,
    UNION,
    PythonWriter,
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


def _compared(symbol: str) -> Spelling:
    least = (COMPARISON + 1, COMPARISON + 1)
    return Spelling(lambda a, b: f"{a} {symbol} {b}", COMPARISON, least)


def _sliced(a: str, start: str, end: str) -> str:
    return f"{a}[{'' if start == '0' else start}:{'' if end == f'len({a})' else end}]"


_WITHIN = Spelling(lambda a, b: f"{b} in {a}", COMPARISON, (COMPARISON + 1,))


class PythonRenderer(SourceRenderer):
    """Python 3.10 or later; traces show values by `repr`."""

    SPELLINGS = {  # noqa: RUF012  # a mapping that nobody changes
        "add": infix("+", SUM),
        "sub": infix("-", SUM),
        "concat": infix("+", SUM),
        "mul": infix("*", PRODUCT),
        "repeat": infix("*", PRODUCT),
        "negate": prefix("-", SIGN),
        "absolute": function("abs"),
        "minimum": function("min"),
        "maximum": function("max"),
        "power": Spelling(lambda a, b: f"{a} ** {b}", POWER, (POWER + 1, POWER)),
        "floor_div": infix("//", PRODUCT),
        "floor_mod": infix("%", PRODUCT),
        "trunc_div": Spelling(lambda a, b: f"int({a} / {b})", POSTFIX, (PRODUCT, PRODUCT + 1)),
        "trunc_mod": Spelling(lambda a, b: f"int(math.fmod({a}, {b}))"),
        "true_div": infix("/", PRODUCT),
        "truncate": function("int"),
        "fixed": Spelling(lambda a, digits: f'format({a}, ".{digits}f")'),
        "eq": _compared("=="),
        "ne": _compared("!="),
        "lt": _compared("<"),
        "le": _compared("<="),
        "gt": _compared(">"),
        "ge": _compared(">="),
        "not": Spelling(lambda a: f"not {a}", NOT, (NOT,)),
        "and": infix("and", AND),
        "or": infix("or", OR),
        "choose": Spelling(lambda test, a, b: f"{a} if {test} else {b}", CHOICE, (OR, OR, CHOICE)),
        "upper": method("upper"),
        "lower": method("lower"),
        "trim": method("strip"),
        "replace": method("replace"),
        "split": method("split"),
        "join": Spelling(lambda a, by: f"{by}.join({a})", POSTFIX, (LOOSE, POSTFIX)),
        "starts_with": method("startswith"),
        "ends_with": method("endswith"),
        "find": method("find"),
        "pad": method("rjust"),
        "to_text": function("str"),
        ("to_text", "char"): SAME,
        "parse": function("int"),
        "code": function("ord"),
        "from_code": function("chr"),
        "is_digit": method("isdigit"),
        "is_letter": method("isalpha"),
        "is_upper": method("isupper"),
        "length": function("len"),
        "at": postfix("{0}[{1}]"),
        "slice": Spelling(_sliced, POSTFIX, (POSTFIX, LOOSE)),
        "reversed": postfix("{0}[::-1]"),
        "contains": _WITHIN,
        "count": method("count"),
        "list": Spelling(lambda *items: f"[{', '.join(items)}]", TIGHT),
        "copy": function("list"),
        "last": postfix("{0}[-1]"),
        "index": method("index"),
        "sum": function("sum"),
        "smallest": function("min"),
        "largest": function("max"),
        "sorted": function("sorted"),
        "fill": Spelling(lambda a, times: f"[{a}] * {times}", PRODUCT, (LOOSE, PRODUCT + 1)),
        "range": Spelling(lambda a, b: f"range({b})" if a == "0" else f"range({a}, {b})"),
        "range_step": function("range"),
        "enumerate": function("enumerate"),
        "zip": function("zip"),
        "any": function("any"),
        "all": function("all"),
        "tuple": Spelling(lambda *items: f"({', '.join(items)})", TIGHT),
        "item_0": postfix("{0}[0]"),
        "item_1": postfix("{0}[1]"),
        "item_2": postfix("{0}[2]"),
        "get": postfix("{0}[{1}]"),
        "get_or": method("get"),
        "has_key": _WITHIN,
        "keys": function("sorted"),
        "items": Spelling(lambda a: f"sorted({a}.items())", POSTFIX, (POSTFIX,)),
        "values": method("values"),
        "to_set": function("set"),
        "union": infix("|", UNION),
        "common": infix("&", COMMON),
        "without": infix("-", SUM),
        "some": SAME,
        "is_none": Spelling(lambda a: f"{a} is None", COMPARISON, (COMPARISON + 1,)),
        "or_else": Spelling(
            lambda a, b: f"{a} if {a} is not None else {b}", CHOICE, (COMPARISON + 1, CHOICE)
        ),
        "unwrap": SAME,
    }
    MUTATIONS = {  # noqa: RUF012
        "append": method("append"),
        "prepend": Spelling(lambda a, item: f"{a}.insert(0, {item})"),
        "set_at": Spelling("{}[{}] = {}".format),
        "set_key": Spelling("{}[{}] = {}".format),
        "remove_key": Spelling("del {}[{}]".format),
        "group": Spelling("{}.setdefault({}, []).append({})".format),
        "insert": method("add"),
    }

    def render(self, module: ir.Module) -> ir.Rendering:
        return PythonWriter(self, module).module_written()

    def literal(self, value: Any, type: ir.Type) -> str:
        text = repr(value)
        return render_literal(value) if "{" in text else text  # a set in order, at some cost

    def result(self, value: Any, type: ir.Type) -> str:
        return self.literal(value, type)

    def display(self, value: Any, type: ir.Type) -> str:
        return str(value)

    def template(self, parts: Sequence[tuple[bool, str]]) -> str:
        inside = (text[1:-1] if fixed else f"{{{text}}}" for fixed, text in parts)
        return f"f'{''.join(inside)}'"

    def speller(self, node: ir.Expression | ir.Statement) -> Callable[..., str]:
        if isinstance(node, ir.Print):
            return function("print").text
        if isinstance(node, ir.SortedBy):
            key = PythonWriter(self, ir.Module(())).expression(node.key)
            return lambda items: f"sorted({items}, key=lambda {node.variable.name}: {key})"
        if isinstance(node, ir.Take):
            place = "0" if node.end == "first" else ""
            return lambda items: f"{items}.pop({place})"
        if isinstance(node, ir.Raise):
            return "raise {}".format
        return super().speller(node)
