"""How operations and texts look in Rust."""

from __future__ import annotations

from codeoutpred import ir
from codeoutpred.languages.rendering import POSTFIX, flat_parts
from codeoutpred.languages.rust_iterators import RustIterators
from codeoutpred.languages.rust_operands import (
    CAST,
    COMPARISON,
    INDEX,
    INLINED,
    PLACE,
    PRODUCT,
    REFERENCE,
    SLICE,
    SUM,
    VALUE,
    WANTS,
    is_copied,
)


class RustExpressions(RustIterators):
    """A writer that knows the expressions; `RustWriter` adds the statements."""

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
        found = f"{self.wanted(table, PLACE, POSTFIX)}.get({self.wanted(key, REFERENCE)})"
        copied = "copied" if is_copied(node.type) else "cloned"
        return f"{found}.{copied}().unwrap_or({self.expression(other)})", POSTFIX

    def _write_or_else(self, node: ir.Operation) -> tuple[str, int]:
        found, other = node.operands
        return f"{self.expression(found, POSTFIX)}.unwrap_or({self.expression(other)})", POSTFIX

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
            if self.style(INLINED) and text.isidentifier():
                pattern += f"{{{text}{debug}}}"
            else:
                pattern += f"{{{debug}}}"
                arguments.append(text)
        return ", ".join([f'"{pattern}"', *arguments])

    def write_template(self, node: ir.Template) -> tuple[str, int]:
        return f"format!({self.format(joined_parts(node))})", POSTFIX

    def write_call(self, node: ir.Call) -> tuple[str, int]:
        arguments = [
            self.wanted(one, REFERENCE if one.type.arguments or one.type is ir.STR else VALUE)
            for one in node.arguments
        ]
        return f"{node.function}({', '.join(arguments)})", POSTFIX


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
