"""How the statements of the intermediate language look in JavaScript."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from codeoutpred import ir
from codeoutpred.languages.rendering import (
    LOOSE,
    POSTFIX,
    TIGHT,
    SourceRenderer,
    SourceWriter,
    augmented,
    flat_parts,
    holds_template,
)

CHOICE, NULLISH, OR, AND, EQUALITY, COMPARISON, SUM, PRODUCT, SIGN, POWER = range(10, 80, 7)
"""The precedences of operators, from the loosest on."""
SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "concat": "+"}
OUTCOMES = {"missing": "Error", "invalid": "RangeError"}
DOUBLE_QUOTES, CONCATENATED, SPELT_OUT, ARROWS, INDEXED, WIDE = range(6)
"""What the style of a module decides."""


@lru_cache(maxsize=1024)
def camel_case(name: str) -> str:
    """`snake_case` to `camelCase`."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


class JavaScriptWriter(SourceWriter):
    """One module being written in JavaScript."""

    def __init__(self, renderer: SourceRenderer, module: ir.Module) -> None:
        super().__init__(renderer, module)
        self.indent = "    " if self.style(WIDE) else "  "
        self._names: dict[str, str] = {}
        self._outcome = ""
        self._rebound = {name for name, anew in ir.changed_names(module).items() if anew}

    def module_written(self) -> ir.Rendering:
        """The functions, and then the main statements."""
        for function in self.module.functions:
            if self.lines:
                self.lines.append("")
            self._function(function)
        if self.module.main and self.lines:
            self.lines.append("")
        for statement in self.module.main:
            self.statement(statement)
        return self.rendering()

    def _function(self, function: ir.Function) -> None:
        name = camel_case(function.name)
        parameters = ", ".join(camel_case(one.name) for one in function.parameters)
        self._outcome = function.raises
        self.mark()
        arrow = self.style(ARROWS)
        self.put(
            f"const {name} = ({parameters}) => {{" if arrow else f"function {name}({parameters}) {{"
        )
        self.block(function.body)
        self.put("};" if arrow else "}")

    # Statements.

    def _bind(self, name: str) -> str:
        return f"{'let' if name in self._rebound else 'const'} {camel_case(name)}"

    def write_assign(self, node: ir.Assign) -> None:
        name = node.target.name
        place = self._bind(name) if node.new else camel_case(name)
        self.put(f"{place} = {self.expression(node.value)};")

    def write_update(self, node: ir.Update) -> None:
        name, symbol = camel_case(node.target.name), SYMBOLS[node.operation]
        if self.style(SPELT_OUT):
            operation = ir.Operation(node.target.type, node.operation, (node.target, node.value))
            self.put(f"{name} = {self.expression(operation)};")
        elif node.value == ir.Literal(ir.INT, 1) and symbol in "+-":
            self.put(f"{name}{symbol}{symbol};")
        else:
            self.put(f"{name} {symbol}= {self.expression(node.value)};")

    def write_mutate(self, node: ir.Mutate) -> None:
        parts = augmented(node)
        if parts and node.operation == "set_at":
            operation, place, operand = parts
            text = f"{self.expression(place)} {SYMBOLS[operation]}= {self.expression(operand)}"
            self.put(f"{text};")
        elif node.operation == "group":
            name, key = camel_case(node.target.name), self.expression(node.operands[0])
            value = self.expression(node.operands[1])
            self.put(f"if (!{name}.has({key})) {name}.set({key}, []);")
            self.put(f"{name}.get({key}).push({value});")
            self.places[-1] = len(self.lines)
        else:
            self.put(f"{self.mutated(node)};")

    def write_take(self, node: ir.Take) -> None:
        method = "shift" if node.end == "first" else "pop"
        self.put(f"{self._bind(node.target.name)} = {camel_case(node.source.name)}.{method}();")

    def write_if(self, node: ir.If, before: str = "") -> None:
        self.put(f"{before}if ({self.expression(node.test)}) {{")
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
        self.put(f"while ({self.expression(node.test)}) {{")
        self.block(node.body)
        self.put("}")

    def write_for(self, node: ir.For) -> None:
        source = node.source
        ranged = isinstance(source, ir.Operation) and source.name in ("range", "range_step")
        self.put(self._counted(node, source) if ranged else self._walked(node, source))
        self.block(node.body)
        self.put("}")

    def _counted(self, node: ir.For, source: Any) -> str:
        name = camel_case(node.names[0].name)
        start, end, *step = (self.expression(one, COMPARISON + 1) for one in source.operands)
        grow = f"{name} += {step[0]}" if step else f"{name}++"
        return f"for (let {name} = {start}; {name} < {end}; {grow}) {{"

    def _walked(self, node: ir.For, source: ir.Expression) -> str:
        return f"for (const {_targets(node.names)} of {self.expression(source)}) {{"

    def write_break(self, node: ir.Break) -> None:
        self.put("break;")

    def write_continue(self, node: ir.Continue) -> None:
        self.put("continue;")

    def write_return(self, node: ir.Return) -> None:
        self.put(f"return {self.expression(node.value)};")

    def write_print(self, node: ir.Print) -> None:
        self.put(f"console.log({', '.join(map(self._shown, node.values))});")

    def _shown(self, node: ir.Expression) -> str:
        """What is printed: containers as JSON, which is always on one line."""
        text = self.expression(node)
        if not node.type.arguments:
            return text
        if isinstance(node, ir.Variable) and _has_map(node.type) and node.type.name == "map":
            return f"JSON.stringify([...{text}])"
        if _has_map(node.type):
            return f"JSON.stringify({text}, (_, one) => (one instanceof Map ? [...one] : one))"
        return f"JSON.stringify({text})"

    def write_raise(self, node: ir.Raise) -> None:
        self.put(f"throw new {OUTCOMES[self._outcome]}({self.expression(node.message)});")

    def write_attempt(self, node: ir.Attempt) -> None:
        name = camel_case(node.target.name)
        self.put(f"let {name};")
        self.put("try {")
        self.put(f"{self.indent}{name} = {self.expression(node.call)};")
        self.places[-1] = len(self.lines)
        self.put("} catch (error) {")
        self._names = {node.message.name: "error.message"}
        self.put(f"{self.indent}{name} = {self.expression(node.fallback)};")
        self._names = {}
        self.put("}")

    # Expressions.

    def written(self, node: ir.Expression) -> tuple[str, int]:
        if isinstance(node, ir.Variable) and node.name in self._names:
            return self._names[node.name], POSTFIX
        return super().written(node)

    def write_literal(self, node: ir.Literal) -> tuple[str, int]:
        text = self.renderer.literal(node.value, node.type)
        if self.style(DOUBLE_QUOTES):
            text = text.replace("'", '"')
        return text, SIGN if text[0] == "-" else POSTFIX if text[:3] == "new" else TIGHT

    def write_operation(self, node: ir.Operation) -> tuple[str, int]:
        first = node.operands[0]
        if node.name in ("is_digit", "is_letter", "is_upper"):
            pattern = {"is_digit": "0-9", "is_letter": "A-Za-z", "is_upper": "A-Z"}[node.name]
            return f"/[{pattern}]/.test({self.expression(first)})", POSTFIX
        if node.name in ("any", "all") and isinstance(first, ir.Gather) and not first.condition:
            method = "some" if node.name == "any" else "every"
            made = f"({_parameters(first.names)}) => {self.expression(first.element)}"
            return f"{self._array(first.source)}.{method}({made})", POSTFIX
        if node.name == "not" and isinstance(first, ir.Operation) and first.name == "is_none":
            return f"{self.expression(first.operands[0], EQUALITY)} !== null", EQUALITY
        if node.name == "and" or node.name == "or":
            return self._logic(node)
        return super().write_operation(node)

    def _logic(self, node: ir.Operation) -> tuple[str, int]:
        """`??` must not stand beside `&&` and `||` without parentheses; ours never does."""
        precedence = AND if node.name == "and" else OR
        one, other = (self.expression(operand, precedence) for operand in node.operands)
        return f"{one} {'&&' if node.name == 'and' else '||'} {other}", precedence

    def _array(self, source: ir.Expression) -> str:
        """What has the methods of arrays."""
        text = self.expression(source, POSTFIX)
        is_entries = isinstance(source, ir.Operation) and source.name == "enumerate"
        return f"[...{text}]" if is_entries or source.type is ir.STR else text

    def write_gather(self, node: ir.Gather) -> tuple[str, int]:
        text, names = self._array(node.source), _parameters(node.names)
        if node.condition:
            text += f".filter(({names}) => {self.expression(node.condition)})"
        if node.element != node.names[0] or len(node.names) > 1:
            text += f".map(({names}) => {self.expression(node.element)})"
        return text, POSTFIX

    def write_sortedby(self, node: ir.SortedBy) -> tuple[str, int]:
        source = self.expression(node.source, OR)
        keys = (
            node.key.operands
            if isinstance(node.key, ir.Operation) and node.key.name == "tuple"
            else (node.key,)
        )
        terms = [self._compared(node.variable, key, len(keys) > 1) for key in keys]
        return f"[...{source}].sort((a, b) => {' || '.join(terms)})", POSTFIX

    def _compared(self, variable: ir.Variable, key: ir.Expression, one_of_many: bool) -> str:
        one, other = "a", "b"
        if isinstance(key, ir.Operation) and key.name == "negate":
            key, one, other = key.operands[0], other, one
        least = SUM + 1 if key.type is ir.INT else COMPARISON + 1
        texts = []
        for name in (one, other):
            self._names[variable.name] = name
            texts.append(self.expression(key, least))
        del self._names[variable.name]
        if key.type is ir.INT:
            return f"{texts[0]} - {texts[1]}"
        text = f"{texts[0]} < {texts[1]} ? -1 : {texts[0]} > {texts[1]} ? 1 : 0"
        return f"({text})" if one_of_many else text

    def write_template(self, node: ir.Template) -> tuple[str, int]:
        flat = flat_parts(node)
        if (self.style(CONCATENATED) and flat[0].type is ir.STR) or any(map(holds_template, flat)):
            parts = [self.expression(part, SUM + 1) for part in flat]
            if flat[0].type is not ir.STR:
                parts.insert(0, '""')
            return " + ".join(parts), SUM
        texts = [
            str(part.value)
            if isinstance(part, ir.Literal)
            else f"${{{self.expression(part, LOOSE)}}}"
            for part in flat
        ]
        return f"`{''.join(texts)}`", TIGHT


def _has_map(type: ir.Type) -> bool:
    return type.name == "map" or any(map(_has_map, type.arguments))


def _targets(names: tuple[ir.Variable, ...]) -> str:
    listed = ", ".join(camel_case(name.name) for name in names)
    return f"[{listed}]" if len(names) > 1 else listed


def _parameters(names: tuple[ir.Variable, ...]) -> str:
    return _targets(names)
