"""How the statements of the intermediate language look in Rust."""

from __future__ import annotations

from typing import Any

from codeoutpred import ir
from codeoutpred.languages.rendering import augmented, is_fresh_sum
from codeoutpred.languages.rust_expressions import RustExpressions, joined_parts
from codeoutpred.languages.rust_operands import (
    BORROWED,
    INDEX,
    OWNED,
    REFERENCE,
    SLICE,
    SPELT_OUT,
    VALUE,
    WITH_RETURN,
    is_copied,
)

SYMBOLS = {"add": "+", "sub": "-", "mul": "*"}
_UNTYPED = ("choose", "fill", "list", "tuple")
"""Operations whose value may be of literals alone, which have no type of their own."""
_WANTS = {"set_at": (INDEX, VALUE), "remove_key": (REFERENCE,)}
"""What mutations want of their operands, where it is not a value."""
_NAMES = {"int": "i64", "bool": "bool", "float": "f64", "str": "String", "char": "char"}
_GENERIC = {"list": "Vec", "map": "BTreeMap", "set": "BTreeSet", "optional": "Option"}


def owned_type(type: ir.Type) -> str:
    """The type of a value."""
    inner = ", ".join(map(owned_type, type.arguments))
    if type.name == "tuple":
        return f"({inner})"
    return f"{_GENERIC[type.name]}<{inner}>" if inner else _NAMES[type.name]


def parameter_type(type: ir.Type) -> str:
    """The type of a parameter: texts and containers by reference."""
    if type is ir.STR:
        return "&str"
    if type.name == "list":
        return f"&[{owned_type(type.element)}]"
    return f"&{owned_type(type)}" if type.arguments else owned_type(type)


class RustWriter(RustExpressions):
    """One module being written in Rust."""

    def __init__(self, renderer: Any, module: ir.Module) -> None:
        super().__init__(renderer, module)
        self._raises = False
        self._last: ir.Statement | None = None
        self._changed = ir.changed_names(module)

    def module_written(self) -> ir.Rendering:
        """The functions, and the main statements as `main`."""
        for function in self.module.functions:
            if self.lines:
                self.lines.append("")
            self._function(function)
        if self.module.main:
            if self.lines:
                self.lines.append("")
            self.put("fn main() {")
            self.block(self.module.main)
            self.put("}")
        text = "\n".join(self.lines)
        used = [name for name in ("BTreeMap", "BTreeSet") if name in text]
        if not used:
            return self.rendering()
        names = used[0] if len(used) == 1 else "{BTreeMap, BTreeSet}"
        return self.rendering([f"use std::collections::{names};", ""])

    def _function(self, function: ir.Function) -> None:
        parameters = []
        for one in function.parameters:
            parameters.append(f"{one.name}: {parameter_type(one.type)}")
            plain = is_copied(one.type) and not one.type.arguments
            self._modes[one.name] = OWNED if plain else BORROWED
        returns = owned_type(function.returns)
        self._raises = bool(function.raises)
        self._last = function.body[-1]
        if self._raises:
            returns = f"Result<{returns}, String>"
        self.mark()
        self.put(f"fn {function.name}({', '.join(parameters)}) -> {returns} {{")
        self.block(function.body)
        self.put("}")

    # Statements.

    def _bind(self, target: ir.Variable) -> str:
        self._modes[target.name] = OWNED
        return f"let {'mut ' if target.name in self._changed else ''}{target.name}"

    def write_assign(self, node: ir.Assign) -> None:
        value = self.expression(node.value)
        if not node.new:
            self.put(f"{node.target.name} = {value};")
            return
        named = isinstance(node.value, ir.Operation) and node.value.name in _UNTYPED
        typed = isinstance(node.value, ir.Literal) or named
        hint = f": {owned_type(node.target.type)}" if typed else ""
        self.put(f"{self._bind(node.target)}{hint} = {value};")

    def write_update(self, node: ir.Update) -> None:
        name = node.target.name
        if node.operation == "concat":
            self._extend(name, node.value)
        elif self.style(SPELT_OUT):
            operation = ir.Operation(node.target.type, node.operation, (node.target, node.value))
            self.put(f"{name} = {self.expression(operation)};")
        else:
            self.put(f"{name} {SYMBOLS[node.operation]}= {self.expression(node.value)};")

    def _extend(self, name: str, value: ir.Expression) -> None:
        if (
            isinstance(value, ir.Operation)
            and value.name == "to_text"
            and value.operands[0].type is ir.CHAR
        ):
            self.put(f"{name}.push({self.expression(value.operands[0])});")
        elif len(joined_parts(value)) > 1:
            self.put(f"{name}.push_str(&{self.expression(value)});")
        else:
            self.put(f"{name}.push_str({self.wanted(value, SLICE)});")

    def write_mutate(self, node: ir.Mutate) -> None:
        name, operation = node.target.name, node.operation
        parts, more = augmented(node), is_fresh_sum(node)
        if parts and operation == "set_at":
            symbol, place, operand = parts
            text = f"{self.expression(place)} {SYMBOLS[symbol]}= {self.expression(operand)}"
        elif more is not None:
            key = self.expression(node.operands[0])
            text = f"*{name}.entry({key}).or_insert(0) += {self.expression(more)}"
        else:
            wants = _WANTS.get(operation, (VALUE, VALUE))
            operands = [self.wanted(one, want) for one, want in zip(node.operands, wants)]
            text = self.renderer.MUTATIONS[operation].text(name, *operands)
        self.put(f"{text};")

    def write_take(self, node: ir.Take) -> None:
        source = node.source.name
        taken = f"{source}.remove(0)" if node.end == "first" else f"{source}.pop().unwrap()"
        self.put(f"{self._bind(node.target)} = {taken};")

    def write_if(self, node: ir.If, before: str = "") -> None:
        self.put(f"{before}if {self.expression(node.test)} {{")
        self.block(node.body)
        if len(node.otherwise) == 1 and isinstance(node.otherwise[0], ir.If):
            self.mark()
            self.write_if(node.otherwise[0], "} else ")
            return
        if node.otherwise:
            self.put("} else {")
            self.block(node.otherwise)
        self.put("}")

    def write_while(self, node: ir.While) -> None:
        self.put(f"while {self.expression(node.test)} {{")
        self.block(node.body)
        self.put("}")

    def write_for(self, node: ir.For) -> None:
        text, taken = self.iterated(node.source, node.names)
        if isinstance(node.source, ir.Operation) and node.source.name == "range":
            text = text[1:-1]
        self.put(f"for {taken} in {text} {{")
        self.block(node.body)
        self.put("}")

    def write_break(self, node: ir.Break) -> None:
        self.put("break;")

    def write_continue(self, node: ir.Continue) -> None:
        self.put("continue;")

    def write_return(self, node: ir.Return) -> None:
        self._moved = _used_once(node.value)
        text = self.expression(node.value)
        self._moved = set()
        if self._raises:
            text = f"Ok({text})"
        ends = node is self._last and not self.style(WITH_RETURN)
        self.put(text if ends else f"return {text};")

    def write_print(self, node: ir.Print) -> None:
        parts: list[ir.Expression] = []
        for value in node.values:
            if parts:
                parts.append(ir.Literal(ir.STR, " "))
            parts += joined_parts(value)
        self.put(f"println!({self.format(parts)});")

    def write_raise(self, node: ir.Raise) -> None:
        self.put(f"return Err({self.expression(node.message)});")

    def write_attempt(self, node: ir.Attempt) -> None:
        call = self.expression(node.call)
        self.put(f"{self._bind(node.target)} = match {call} {{")
        self.put(f"{self.indent}Ok(value) => value,")
        self._modes[node.message.name] = OWNED
        self._moved = {node.message.name}
        fallback = self.expression(node.fallback)
        self._moved = set()
        self.put(f"{self.indent}Err({node.message.name}) => {fallback},")
        self.put("};")


def _used_once(node: ir.Expression) -> set[str]:
    """The variables that stand once in an expression, so that it may move them."""
    seen = [one.name for one in (node, *ir.all_expressions(node)) if isinstance(one, ir.Variable)]
    return {name for name in seen if seen.count(name) == 1}
