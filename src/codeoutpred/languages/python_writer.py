"""How the statements of the intermediate language look in Python."""

from __future__ import annotations

from typing import Any

from codeoutpred import ir
from codeoutpred.languages.rendering import (
    LOOSE,
    POSTFIX,
    TIGHT,
    SourceWriter,
    augmented,
    flat_parts,
    holds_template,
)

SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "concat": "+"}
OUTCOMES = {"missing": "LookupError", "invalid": "ValueError"}
DOUBLE_QUOTES, CONCATENATED, SPELT_OUT, HINTED, COUNTED = range(5)
"""What the style of a module decides."""
CHOICE, OR, AND, NOT, COMPARISON, UNION, COMMON, SUM, PRODUCT, SIGN, POWER = range(10, 87, 7)
"""The precedences of operators, from the loosest on."""
_ELEMENTARY = {"int": "int", "bool": "bool", "float": "float", "str": "str", "char": "str"}
_NEGATED = {"contains": "not in", "has_key": "not in", "is_none": "is not"}


def hint(type: ir.Type) -> str:
    """The type as an annotation."""
    inner = ", ".join(map(hint, type.arguments))
    if type.name == "optional":
        return f"{inner} | None"
    name = "dict" if type.name == "map" else type.name
    return f"{name}[{inner}]" if inner else _ELEMENTARY[name]


class PythonWriter(SourceWriter):
    """One module being written in Python."""

    def __init__(self, renderer: Any, module: ir.Module) -> None:
        super().__init__(renderer, module)
        self._quote = '"' if self.style(DOUBLE_QUOTES) else "'"
        self._names: dict[str, str] = {}
        self._needs_math = False
        self._outcome = ""

    def module_written(self) -> ir.Rendering:
        """The functions, and then the main statements."""
        for function in self.module.functions:
            if self.lines:
                self.lines += [""] * (2 if self.lines[-1] else 1)
            self._function(function)
        if self.module.main and self.lines:
            self.lines += [""] * (2 if self.lines[-1] else 0)
        for statement in self.module.main:
            self.statement(statement)
        blank = 2 if self.module.functions else 1
        return self.rendering(["import math", *[""] * blank] if self._needs_math else [])

    def _function(self, function: ir.Function) -> None:
        hinted = self.style(HINTED)
        parameters = ", ".join(
            f"{one.name}: {hint(one.type)}" if hinted else one.name for one in function.parameters
        )
        returned = f" -> {hint(function.returns)}" if hinted else ""
        self._outcome = function.raises
        self.mark()
        self.put(f"def {function.name}({parameters}){returned}:")
        self.block(function.body)

    # Statements.

    def write_assign(self, node: ir.Assign) -> None:
        self.put(f"{node.target.name} = {self.expression(node.value)}")

    def write_update(self, node: ir.Update) -> None:
        name, symbol = node.target.name, SYMBOLS[node.operation]
        if self.style(SPELT_OUT):
            operation = ir.Operation(node.target.type, node.operation, (node.target, node.value))
            self.put(f"{name} = {self.expression(operation)}")
        else:
            self.put(f"{name} {symbol}= {self.expression(node.value)}")

    def write_mutate(self, node: ir.Mutate) -> None:
        if parts := augmented(node):
            operation, place, operand = parts
            place_text = self.expression(place)
            self.put(f"{place_text} {SYMBOLS[operation]}= {self.expression(operand)}")
        else:
            self.put(self.mutated(node))

    def write_take(self, node: ir.Take) -> None:
        place = "0" if node.end == "first" else ""
        self.put(f"{node.target.name} = {node.source.name}.pop({place})")

    def write_if(self, node: ir.If, word: str = "if") -> None:
        self.put(f"{word} {self.expression(node.test)}:")
        self.block(node.body)
        if len(node.otherwise) == 1 and isinstance(node.otherwise[0], ir.If):
            self.mark()
            self.write_if(node.otherwise[0], "elif")
        elif node.otherwise:
            self.put("else:")
            self.block(node.otherwise)

    def write_while(self, node: ir.While) -> None:
        self.put(f"while {self.expression(node.test)}:")
        self.block(node.body)

    def write_for(self, node: ir.For) -> None:
        self.put(f"for {_targets(node.names)} in {self.expression(node.source)}:")
        self.block(node.body)

    def write_break(self, node: ir.Break) -> None:
        self.put("break")

    def write_continue(self, node: ir.Continue) -> None:
        self.put("continue")

    def write_return(self, node: ir.Return) -> None:
        text = self.expression(node.value)
        is_tuple = isinstance(node.value, ir.Operation) and node.value.name == "tuple"
        self.put(f"return {text[1:-1] if is_tuple else text}")

    def write_print(self, node: ir.Print) -> None:
        self.put(f"print({', '.join(self.expression(value) for value in node.values)})")

    def write_raise(self, node: ir.Raise) -> None:
        self.put(f"raise {OUTCOMES[self._outcome]}({self.expression(node.message)})")

    def write_attempt(self, node: ir.Attempt) -> None:
        outcome = OUTCOMES[self.module.function(node.call.function).raises]
        self.put("try:")
        self.put(f"{self.indent}{node.target.name} = {self.expression(node.call)}")
        self.places[-1] = len(self.lines)
        self.put(f"except {outcome} as error:")
        self._names = {node.message.name: "str(error)"}
        self.put(f"{self.indent}{node.target.name} = {self.expression(node.fallback)}")
        self._names = {}

    # Expressions.

    def written(self, node: ir.Expression) -> tuple[str, int]:
        if isinstance(node, ir.Variable):
            return self._names.get(node.name, node.name), TIGHT
        return super().written(node)

    def write_literal(self, node: ir.Literal) -> tuple[str, int]:
        text = repr(node.value)
        if self._quote == '"':
            text = text.replace("'", '"')
        return text, TIGHT if text[0] != "-" else SIGN

    def write_operation(self, node: ir.Operation) -> tuple[str, int]:
        first = node.operands[0]
        if node.name == "not" and isinstance(first, ir.Operation) and first.name in _NEGATED:
            text, precedence = super().write_operation(first)
            word = "is" if first.name == "is_none" else "in"
            before, _, after = text.rpartition(f" {word} ")
            return f"{before} {_NEGATED[first.name]} {after}", precedence
        self._needs_math |= node.name == "trunc_mod"
        if isinstance(first, ir.Gather) and node.name in ("sum", "any", "all", "to_set", "join"):
            return self._reduced(node, first)
        if node.name == "length" and isinstance(first, ir.Gather) and self.style(COUNTED):
            one = ir.Gather(first.type, ir.Literal(ir.INT, 1), *_rest(first))
            return f"sum({self._generated(one)})", POSTFIX
        if node.name == "reversed" and isinstance(first, ir.Operation) and first.name == "sorted":
            return f"sorted({self.expression(first.operands[0])}, reverse=True)", POSTFIX
        return super().write_operation(node)

    def _reduced(self, node: ir.Operation, gather: ir.Gather) -> tuple[str, int]:
        generated = self._generated(gather)
        if node.name == "to_set":
            return f"{{{generated}}}", TIGHT
        if node.name == "join":
            return f"{self.expression(node.operands[1], POSTFIX)}.join({generated})", POSTFIX
        return f"{node.name}({generated})", POSTFIX

    def _generated(self, node: ir.Gather) -> str:
        names, source = _targets(node.names), self.expression(node.source, OR)
        condition = f" if {self.expression(node.condition, OR)}" if node.condition else ""
        return f"{self.expression(node.element)} for {names} in {source}{condition}"

    def write_gather(self, node: ir.Gather) -> tuple[str, int]:
        return f"[{self._generated(node)}]", TIGHT

    def write_sortedby(self, node: ir.SortedBy) -> tuple[str, int]:
        key = f"lambda {node.variable.name}: {self.expression(node.key)}"
        return f"sorted({self.expression(node.source)}, key={key})", POSTFIX

    def write_template(self, node: ir.Template) -> tuple[str, int]:
        flat = flat_parts(node)
        if self.style(CONCATENATED) or any(map(holds_template, flat)):
            parts = [
                self.expression(part if part.type in (ir.STR, ir.CHAR) else _as_text(part), SUM)
                for part in flat
            ]
            return " + ".join(parts), SUM
        outer, self._quote = self._quote, "'" if self._quote == '"' else '"'
        texts = [
            str(part.value) if isinstance(part, ir.Literal) else f"{{{self._formatted(part)}}}"
            for part in flat
        ]
        self._quote = outer
        return f"f{outer}{''.join(texts)}{outer}", TIGHT

    def _formatted(self, node: ir.Expression) -> str:
        if isinstance(node, ir.Operation) and node.name == "fixed":
            value, digits = node.operands
            return f"{self.expression(value)}:.{self.expression(digits)}f"
        return self.expression(node, LOOSE)


def _as_text(node: ir.Expression) -> ir.Expression:
    return ir.Operation(ir.STR, "to_text", (node,))


def _targets(names: tuple[ir.Variable, ...]) -> str:
    return ", ".join(name.name for name in names)


def _rest(node: ir.Gather) -> tuple[Any, ...]:
    return node.names, node.source, node.condition
