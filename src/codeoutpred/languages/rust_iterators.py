"""How what is walked over looks in Rust: iterators and the chains that are made of them."""

from __future__ import annotations

from codeoutpred import ir
from codeoutpred.languages.rendering import POSTFIX
from codeoutpred.languages.rust_operands import (
    CAST,
    COUNTER,
    IN_BLOCK,
    INDEX,
    ITEM,
    OWNED,
    PLACE,
    SIGN,
    SUM,
    RustOperands,
    is_copied,
)


class RustIterators(RustOperands):
    """A writer that knows what is walked over."""

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
                taken[number], mode = f"&{name.name}", OWNED
            self._modes[name.name] = mode
        return text, f"({', '.join(taken)})" if len(names) > 1 else taken[0]

    def _write_range_step(self, node: ir.Operation) -> tuple[str, int]:
        return f"{self._stepped(node)}.collect::<Vec<i64>>()", POSTFIX

    def _stepped(self, node: ir.Operation) -> str:
        start, end, step = node.operands
        bounds = f"{self.expression(start, SUM)}..{self.expression(end, SUM)}"
        return f"({bounds}).step_by({self.wanted(step, INDEX)})"

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
        ordered = node.operands[0]
        if not isinstance(ordered, ir.Operation) or ordered.name != "sorted":
            return None
        if ordered.operands[0].type.name == "set":
            return None
        inner = self.expression(ordered.operands[0])
        text = f"{{ let mut sorted = {inner}; sorted.sort(); sorted.reverse(); sorted }}"
        return text, IN_BLOCK

    def write_sortedby(self, node: ir.SortedBy) -> tuple[str, int]:
        name = node.variable.name
        copied = is_copied(node.variable.type)
        self._modes[name] = OWNED if copied else ITEM
        key = f"|{'&' if copied else ''}{name}| {self.expression(node.key)}"
        items = self.expression(node.source)
        return f"{{ let mut sorted = {items}; sorted.sort_by_key({key}); sorted }}", IN_BLOCK
