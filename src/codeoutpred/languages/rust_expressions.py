"""How expressions look in Rust: who owns a value, who borrows it, and what is an index.

Every operand is wanted in one of a few ways: as a value of its own, as a place whose methods are
called, as a reference, as a `&str`, as a `usize`.
"""

from __future__ import annotations

from typing import Any

from codeoutpred import ir
from codeoutpred.languages.rendering import (
    LOOSE,
    POSTFIX,
    TIGHT,
    SourceWriter,
    flat_parts,
)

OR, AND, COMPARISON, SUM, PRODUCT, CAST, SIGN = range(10, 80, 10)
"""The precedences of operators, from the loosest on."""
IN_BLOCK = 5
"""The precedence of a block: at the beginning of a statement it would be one of its own."""

VALUE, PLACE, REFERENCE, SLICE, INDEX = range(5)
"""What is wanted of an operand: see the module's docstring; `SLICE` is a `&str`."""

OWNED, BORROWED, ITEM, COUNTER = range(4)
"""What a name stands for: a value, a reference to a parameter or to an item, a `usize`."""

_PLACES = frozenset({"at", "item_0", "item_1", "item_2", "get", "last"})
"""The operations that give a part of something, and not a value of their own."""

_FIRST_A_PLACE = (
    "upper lower trim replace split join starts_with ends_with find repeat to_text parse length at "
    "slice reversed contains count copy last index sum smallest largest item_0 item_1 item_2 get "
    "get_or has_key keys items values to_set union common without is_none absolute power "
    "concat is_digit is_letter is_upper"
).split()
WANTS: dict[str, tuple[int, ...]] = {
    **{name: (PLACE, VALUE) for name in _FIRST_A_PLACE},
    **{name: (PLACE, SLICE) for name in "replace split join starts_with ends_with find".split()},
    **{name: (PLACE, INDEX) for name in "at slice repeat".split()},
    **{name: (PLACE, REFERENCE) for name in "get has_key union common without".split()},
    "concat": (PLACE,),
    "get_or": (PLACE, REFERENCE, VALUE),
    "fill": (VALUE, INDEX),
    "fixed": (VALUE, INDEX),
    "pad": (PLACE, INDEX, SLICE),
}
"""What each operation wants of its operands, the last standing for all further ones."""

_COPIED = frozenset({"int", "bool", "float", "char"})


def is_copied(type: ir.Type) -> bool:
    """Whether values of the type are copied where others are moved."""
    if type.name in ("tuple", "optional"):
        return all(map(is_copied, type.arguments))
    return type.name in _COPIED


class RustExpressions(SourceWriter):
    """A writer that knows the expressions; `RustWriter` adds the statements."""

    TEXT_OF, INLINED = 0, 1  # what the style of a module decides

    def __init__(self, renderer: Any, module: ir.Module) -> None:
        super().__init__(renderer, module)
        self._modes: dict[str, int] = {}
        self._moved: set[str] = set()
        """Names that are not used again after the statement, so that they need no clone."""

    def wanted(self, node: ir.Expression, want: int, least: int = LOOSE) -> str:
        """An operand in the way that it is wanted."""
        text, precedence = (self._value, self.place, self._reference, self._slice, self._index)[
            want
        ](node)
        if least >= POSTFIX and isinstance(node, ir.Literal) and node.type is ir.INT:
            text += "_i64"
        return f"({text})" if precedence < least else text

    def expression(self, node: ir.Expression, least: int = LOOSE) -> str:
        return self.wanted(node, VALUE, least)

    def _value(self, node: ir.Expression) -> tuple[str, int]:
        """A value of its own: parts are copied or cloned."""
        if isinstance(node, ir.Variable):
            return self._value_of(node)
        if isinstance(node, ir.Literal):
            return self._owned(node)
        text, precedence = self.written(node)
        if is_place(node) and not is_copied(node.type):
            return self.place(node)[0] + ".clone()", POSTFIX
        return text, precedence

    def _value_of(self, node: ir.Variable) -> tuple[str, int]:
        name, mode = node.name, self._modes.get(node.name, OWNED)
        if is_copied(node.type):
            if mode == COUNTER:
                return f"{name} as i64", CAST
            return (f"*{name}", SIGN) if mode == ITEM else (name, TIGHT)
        if mode == OWNED and name in self._moved:
            return name, TIGHT
        if mode == OWNED or node.type.name not in ("str", "list"):
            return f"{name}.clone()", POSTFIX
        return f"{name}.{'to_string' if node.type is ir.STR else 'to_vec'}()", POSTFIX

    def _owned(self, node: ir.Literal) -> tuple[str, int]:
        text: str = self.renderer.owned(node.value, node.type)  # type: ignore[attr-defined]
        if node.type is ir.STR and self.style(self.TEXT_OF):
            text = f"String::from({text.removesuffix('.to_string()')})"
        return text, SIGN if text[0] == "-" else TIGHT

    def place(self, node: ir.Expression) -> tuple[str, int]:
        """What has methods and fields, whether a value or a reference."""
        if isinstance(node, ir.Variable):
            counts = self._modes.get(node.name) == COUNTER
            return (f"{node.name} as i64", CAST) if counts else (node.name, TIGHT)
        if isinstance(node, ir.Literal):
            return self._slice(node) if node.type is ir.STR else self._owned(node)
        text, precedence = self.written(node)
        if isinstance(node, ir.Operation):
            if node.name == "slice":
                return text[: text.rindex(".to_")], POSTFIX
            if node.name == "last" and text[0] == "*":
                return text[1:], POSTFIX
        return text, precedence

    def _reference(self, node: ir.Expression) -> tuple[str, int]:
        if node.type is ir.STR:
            return self._slice(node)
        text, precedence = self.place(node)
        mode = self._modes.get(node.name, OWNED) if isinstance(node, ir.Variable) else OWNED
        if mode in (BORROWED, ITEM):
            return text, precedence
        return f"&({text})" if precedence < POSTFIX else f"&{text}", SIGN

    def _slice(self, node: ir.Expression) -> tuple[str, int]:
        """A `&str`; another type's value as it is."""
        if node.type is not ir.STR:
            return self._value(node)
        if isinstance(node, ir.Literal):
            return f'"{node.value}"', TIGHT
        text, precedence = self.place(node)
        if isinstance(node, ir.Variable) and self._modes.get(node.name) == BORROWED:
            return text, precedence
        if isinstance(node, ir.Operation) and node.name == "slice":
            return f"&{text}", SIGN
        return f"{text}.as_str()", POSTFIX

    def _index(self, node: ir.Expression) -> tuple[str, int]:
        """A `usize`."""
        if isinstance(node, ir.Literal):
            return str(node.value), TIGHT
        if isinstance(node, ir.Variable) and self._modes.get(node.name) == COUNTER:
            return node.name, TIGHT
        if isinstance(node, ir.Operation) and node.name == "length":
            return self.written(node)[0].removesuffix(" as i64"), POSTFIX
        text, precedence = self._value(node)
        return f"({text}) as usize" if precedence < CAST else f"{text} as usize", CAST

    # Operations.

    def write_operation(self, node: ir.Operation) -> tuple[str, int]:
        special = getattr(self, f"_write_{node.name}", None)
        if special and (written := special(node)):
            result: tuple[str, int] = written
            return result
        spelling = self.renderer.spelling(node)
        wants, least = WANTS.get(node.name, (VALUE,)), spelling.least
        texts = [
            self.wanted(
                operand, wants[min(number, len(wants) - 1)], least[min(number, len(least) - 1)]
            )
            for number, operand in enumerate(node.operands)
        ]
        return spelling.text(*texts), spelling.precedence

    def _write_texts(self, node: ir.Operation) -> tuple[str, int] | None:
        """A comparison of two texts is one of two slices."""
        if node.operands[0].type is not ir.STR:
            return None
        spelling = self.renderer.spelling(node)
        return spelling.text(*(self.wanted(one, SLICE, SUM) for one in node.operands)), COMPARISON

    _write_eq = _write_ne = _write_lt = _write_le = _write_gt = _write_ge = _write_texts

    def _write_concat(self, node: ir.Operation) -> tuple[str, int] | None:
        if node.type is not ir.STR:
            return None
        return self.write_template(ir.Template(ir.STR, node.operands))

    def _write_not(self, node: ir.Operation) -> tuple[str, int] | None:
        inner = node.operands[0]
        if isinstance(inner, ir.Operation) and inner.name == "is_none":
            return f"{self.wanted(inner.operands[0], PLACE, POSTFIX)}.is_some()", POSTFIX
        return None

    def _write_true_div(self, node: ir.Operation) -> tuple[str, int] | None:
        one, other = node.operands
        if one.type is ir.INT and isinstance(other, ir.Literal):
            return f"{self.expression(one, CAST)} as f64 / {other.value}.0", PRODUCT
        return None

    def _write_power(self, node: ir.Operation) -> tuple[str, int]:
        one, other = node.operands
        return f"{self.wanted(one, PLACE, POSTFIX)}.pow({self.wanted(other, INDEX)})", POSTFIX

    def _write_contains(self, node: ir.Operation) -> tuple[str, int] | None:
        items, item = node.operands
        if items.type is ir.STR or (items.type.name == "set" and item.type is ir.STR):
            whole = self.wanted(items, PLACE, POSTFIX)
            return f"{whole}.contains({self.wanted(item, SLICE)})", POSTFIX
        if item.type is ir.STR:
            return f"{self._searched(node)}.any(|one| one == {self.wanted(item, SLICE)})", POSTFIX
        whole = self.wanted(items, PLACE, POSTFIX)
        return f"{whole}.contains({self.wanted(item, REFERENCE)})", POSTFIX

    def _searched(self, node: ir.Operation) -> str:
        return f"{self.wanted(node.operands[0], PLACE, POSTFIX)}.iter()"

    def _write_count(self, node: ir.Operation) -> tuple[str, int] | None:
        items, item = node.operands
        if items.type is ir.STR:
            text = self.wanted(items, PLACE, POSTFIX)
            return f"{text}.matches({self.wanted(item, SLICE)}).count() as i64", CAST
        if item.type is ir.STR:
            test = f"|one| one.as_str() == {self.wanted(item, SLICE)}"
            return f"{self._searched(node)}.filter({test}).count() as i64", CAST
        return None

    def _write_index(self, node: ir.Operation) -> tuple[str, int] | None:
        item = node.operands[1]
        if item.type is not ir.STR:
            return None
        test = f"|one| one == {self.wanted(item, SLICE)}"
        return f"{self._searched(node)}.position({test}).unwrap() as i64", CAST

    def _write_pad(self, node: ir.Operation) -> tuple[str, int]:
        text, width, filler = node.operands
        assert isinstance(filler, ir.Literal)
        if isinstance(width, ir.Literal):
            return f'format!("{{:{filler.value}>{width.value}}}", {self.shown(text)})', POSTFIX
        given = self.wanted(width, INDEX)
        return f'format!("{{:{filler.value}>1$}}", {self.shown(text)}, {given})', POSTFIX

    def _write_get_or(self, node: ir.Operation) -> tuple[str, int]:
        table, key, other = node.operands
        found = f"{self.wanted(table, PLACE, POSTFIX)}.get({self.key(key)})"
        copied = "copied" if is_copied(node.type) else "cloned"
        return f"{found}.{copied}().unwrap_or({self.expression(other)})", POSTFIX

    def key(self, node: ir.Expression) -> str:
        """A key that is looked up."""
        return self.wanted(node, REFERENCE)

    def _write_or_else(self, node: ir.Operation) -> tuple[str, int]:
        found, other = node.operands
        return f"{self.expression(found, POSTFIX)}.unwrap_or({self.expression(other)})", POSTFIX

    def _write_range_step(self, node: ir.Operation) -> tuple[str, int]:
        return f"{self._stepped(node)}.collect::<Vec<i64>>()", POSTFIX

    def _stepped(self, node: ir.Operation) -> str:
        start, end, step = node.operands
        bounds = f"{self.expression(start, SUM)}..{self.expression(end, SUM)}"
        return f"({bounds}).step_by({self.wanted(step, INDEX)})"

    # Iterators.

    def iterated(self, source: ir.Expression, names: tuple[ir.Variable, ...]) -> tuple[str, str]:
        """`(iterator, how its items are taken)`; notes what each name stands for."""
        operation = source.name if isinstance(source, ir.Operation) else ""
        operands = source.operands if isinstance(source, ir.Operation) else ()
        modes = [ITEM] * len(names)
        if operation == "range":
            start, end = (self.expression(one, SUM) for one in operands)
            text, modes = f"({start}..{end})", [OWNED]
        elif operation == "range_step":
            assert isinstance(source, ir.Operation)
            text, modes = self._stepped(source), [OWNED]
        elif source.type is ir.STR:
            text, modes = f"{self.wanted(source, PLACE, POSTFIX)}.chars()", [OWNED]
        elif operation in ("enumerate", "zip"):
            text = f"{self.wanted(operands[0], PLACE, POSTFIX)}.iter()"
            if operation == "enumerate":
                text, modes = f"{text}.enumerate()", [COUNTER, ITEM]
            else:
                text += f".zip({self.wanted(operands[1], PLACE, POSTFIX)}.iter())"
        elif operation in ("items", "keys", "values"):
            method = "iter" if operation == "items" else operation
            text = f"{self.wanted(operands[0], PLACE, POSTFIX)}.{method}()"
        else:
            text = f"{self.wanted(source, PLACE, POSTFIX)}.iter()"
        taken = [name.name for name in names]
        for number, name in enumerate(names):
            mode = modes[number]
            if mode == ITEM and is_copied(name.type) and (len(names) == 1 or operation):
                if operation != "" or len(names) == 1:
                    taken[number], mode = f"&{name.name}", OWNED
            self._modes[name.name] = mode
        return text, f"({', '.join(taken)})" if len(names) > 1 else taken[0]

    def chain(self, node: ir.Gather) -> str:
        """An iterator over what is gathered, each a value of its own."""
        text, taken = self.iterated(node.source, node.names)
        if (
            node.condition is not None
            and len(node.names) > 1
            and isinstance(node.source, ir.Operation)
        ):
            test, made = self.expression(node.condition), self.expression(node.element)
            return f"{text}.filter_map(|{taken}| if {test} {{ Some({made}) }} else {{ None }})"
        if node.condition is not None:
            text += f".filter(|{self._peeked(node, taken)}| {self.expression(node.condition)})"
        if node.element == node.names[0] and len(node.names) == 1:
            owned = self._modes[node.names[0].name] == OWNED and taken[0] != "&"
            return text if owned else f"{text}.cloned()"
        return f"{text}.map(|{taken}| {self.expression(node.element)})"

    def _peeked(self, node: ir.Gather, taken: str) -> str:
        """How a filter, which sees references, takes what the map after it takes."""
        mode = self._modes[node.names[0].name]
        return f"&{taken}" if len(node.names) == 1 and mode == OWNED else taken

    def write_gather(self, node: ir.Gather) -> tuple[str, int]:
        return f"{self.chain(node)}.collect::<Vec<_>>()", POSTFIX

    def _references(self, node: ir.Expression) -> str:
        """An iterator over references to the items of a list."""
        if isinstance(node, ir.Operation) and node.name == "values":
            return f"{self.wanted(node.operands[0], PLACE, POSTFIX)}.values()"
        return f"{self.wanted(node, PLACE, POSTFIX)}.iter()"

    def _write_sum(self, node: ir.Operation) -> tuple[str, int]:
        items = node.operands[0]
        walked = self.chain(items) if isinstance(items, ir.Gather) else self._references(items)
        return f"{walked}.sum::<i64>()", POSTFIX

    def _write_extreme(self, node: ir.Operation) -> tuple[str, int]:
        method = "min" if node.name == "smallest" else "max"
        return f"*{self._references(node.operands[0])}.{method}().unwrap()", SIGN

    _write_smallest = _write_largest = _write_extreme

    def _write_length(self, node: ir.Operation) -> tuple[str, int] | None:
        items = node.operands[0]
        if isinstance(items, ir.Gather):
            return f"{self.chain(items)}.count() as i64", CAST
        return None

    def _write_any(self, node: ir.Operation) -> tuple[str, int] | None:
        items = node.operands[0]
        if not isinstance(items, ir.Gather) or items.condition is not None:
            return None
        text, taken = self.iterated(items.source, items.names)
        return f"{text}.{node.name}(|{taken}| {self.expression(items.element)})", POSTFIX

    _write_all = _write_any

    def _write_reversed(self, node: ir.Operation) -> tuple[str, int] | None:
        items = node.operands[0]
        if isinstance(items, ir.Operation) and items.name == "sorted" and items.type.name == "list":
            if items.operands[0].type.name != "set":
                inner = self.expression(items.operands[0])
                return (
                    f"{{ let mut sorted = {inner}; sorted.sort(); sorted.reverse(); sorted }}",
                    IN_BLOCK,
                )
        return None

    def write_sortedby(self, node: ir.SortedBy) -> tuple[str, int]:
        name = node.variable.name
        copied = is_copied(node.variable.type)
        self._modes[name] = OWNED if copied else ITEM
        key = f"|{'&' if copied else ''}{name}| {self.expression(node.key)}"
        items = self.expression(node.source)
        return f"{{ let mut sorted = {items}; sorted.sort_by_key({key}); sorted }}", IN_BLOCK

    # Texts.

    def shown(self, node: ir.Expression) -> str:
        """An argument of a format: never a clone."""
        if isinstance(node, ir.Operation) and node.name == "to_text":
            return self.shown(node.operands[0])
        text = self.wanted(node, VALUE if is_copied(node.type) else PLACE)
        sliced = isinstance(node, ir.Operation) and node.name == "slice"
        return f"&{text}" if sliced else text

    def format(self, nodes: list[ir.Expression]) -> str:
        """The arguments of `format!` and its like."""
        pattern, arguments = "", []
        for node in nodes:
            if isinstance(node, ir.Literal) and node.type in (ir.STR, ir.CHAR):
                pattern += str(node.value)
                continue
            digits = _decimals(node)
            if digits is not None:
                pattern += f"{{:.{digits}}}"
                arguments.append(self.expression(node.operands[0]))  # type: ignore[attr-defined]
                continue
            text = self.shown(node)
            debug = ":?" if node.type.arguments else ""
            if self.style(self.INLINED) and text.isidentifier():
                pattern += f"{{{text}{debug}}}"
            else:
                pattern += f"{{{debug}}}"
                arguments.append(text)
        return ", ".join([f'"{pattern}"', *arguments])

    def write_template(self, node: ir.Template) -> tuple[str, int]:
        return f"format!({self.format(joined_parts(node))})", POSTFIX

    def write_call(self, node: ir.Call) -> tuple[str, int]:
        arguments = [
            self.wanted(one, VALUE if not one.type.arguments and one.type is not ir.STR else 2)
            for one in node.arguments
        ]
        return f"{node.function}({', '.join(arguments)})", POSTFIX


def is_place(node: ir.Expression) -> bool:
    """Whether an expression names a part of something."""
    return (
        isinstance(node, ir.Operation)
        and node.name in _PLACES
        and node.operands[0].type is not ir.STR
    )


def joined_parts(node: ir.Expression) -> list[ir.Expression]:
    """The parts of a text, with those of texts that are joined in it."""
    if isinstance(node, ir.Template):
        return [deeper for part in flat_parts(node) for deeper in joined_parts(part)]
    if isinstance(node, ir.Operation) and node.name == "concat" and node.type is ir.STR:
        return [deeper for part in node.operands for deeper in joined_parts(part)]
    return [node]


def _decimals(node: ir.Expression) -> int | None:
    if isinstance(node, ir.Operation) and node.name == "fixed":
        digits = node.operands[1]
        return int(digits.value) if isinstance(digits, ir.Literal) else None
    return None
