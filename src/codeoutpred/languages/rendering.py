"""What renderers share: a table of spellings, and a writer that keeps count of lines.

A renderer of a language is a `SourceRenderer` with a table from the names of operations to
`Spelling`s, and a `SourceWriter` that knows how its statements look:

    >>> infix("+", 5).text("a", "b"), method("upper").text("name")
    ('a + b', 'name.upper()')
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from codeoutpred import ir

LOOSE, TIGHT = 0, 100
"""The precedences of what needs parentheses everywhere, and of what needs none."""
POSTFIX = 90
"""The precedence of calls and subscripts."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """How an operation is written: a text made of its operands' texts.

    `precedence` is the operation's own, `least` the lowest that each operand may have without
    parentheses; the last stands for all further ones.
    """

    text: Callable[..., str]
    precedence: int = POSTFIX
    least: tuple[int, ...] = (LOOSE,)


SAME = Spelling(lambda a: a)
"""What is written as its operand."""


def infix(symbol: str, precedence: int) -> Spelling:
    """A binary operator, grouped to the left."""
    return Spelling(lambda a, b: f"{a} {symbol} {b}", precedence, (precedence, precedence + 1))


def prefix(symbol: str, precedence: int) -> Spelling:
    """A unary operator before its operand."""
    return Spelling(lambda a: f"{symbol}{a}", precedence, (precedence + 1,))


def function(name: str) -> Spelling:
    """A call of a function."""
    return Spelling(lambda *items: f"{name}({', '.join(items)})")


def method(name: str) -> Spelling:
    """A call of a method of the first operand."""
    return Spelling(lambda a, *rest: f"{a}.{name}({', '.join(rest)})", POSTFIX, (POSTFIX, LOOSE))


def postfix(template: str) -> Spelling:
    """A text in which `{0}` stands for the first operand, and so on; the first is subscripted."""
    return Spelling(template.format, POSTFIX, (POSTFIX, LOOSE))


class SourceRenderer(ABC):
    """Writes modules in one language; `SPELLINGS` may name the first operand's type as well."""

    SPELLINGS: ClassVar[Mapping[str | tuple[str, str], Spelling]]
    MUTATIONS: ClassVar[Mapping[str, Spelling]]

    @abstractmethod
    def render(self, module: ir.Module) -> ir.Rendering:
        """The module in the language."""

    @abstractmethod
    def literal(self, value: Any, type: ir.Type) -> str:
        """The value as it is written in a program, for instance as an argument."""

    @abstractmethod
    def result(self, value: Any, type: ir.Type) -> str:
        """The text of a returned value, as an execution reports it."""

    @abstractmethod
    def display(self, value: Any, type: ir.Type) -> str:
        """What printing the value gives."""

    @abstractmethod
    def template(self, parts: Sequence[tuple[bool, str]]) -> str:
        """How a trace shows a text made of parts: (whether it is written down, its text)."""

    def name(self, name: str) -> str:
        """The name in the language's own convention."""
        return name

    def spelling(self, node: ir.Operation) -> Spelling:
        """The entry of the table for an operation."""
        typed = self.SPELLINGS.get((node.name, node.operands[0].type.name))
        return typed or self.SPELLINGS[node.name]

    def speller(self, node: ir.Expression | ir.Statement) -> Callable[..., str]:
        """How a trace shows the steps of a node: a function of the texts of what it works on.

        These are the operands or arguments of an expression; the target and the operands of a
        mutation; the printed values; the returned value or the message of a `Raise`.
        """
        if isinstance(node, ir.Operation):
            return self.spelling(node).text
        if isinstance(node, ir.Call):
            return function(self.name(node.function)).text
        if isinstance(node, ir.Template):
            fixed = [isinstance(part, ir.Literal) for part in node.parts]
            return lambda *parts: self.template(list(zip(fixed, parts)))
        if isinstance(node, ir.Mutate):
            return self.MUTATIONS[node.operation].text
        if isinstance(node, ir.Return):
            return "return {}".format
        raise NotImplementedError(type(node).__name__)


class SourceWriter:
    """One module being written: its lines so far, and the line of each numbered place.

    `indent` is one level of it, `close` the line that ends a block, empty where none does.
    """

    indent: str = "    "
    close: str = ""

    def __init__(self, renderer: SourceRenderer, module: ir.Module) -> None:
        self.renderer = renderer
        self.module = module
        self.lines: list[str] = []
        self.places: list[int] = []
        self._depth = 0

    def style(self, choice: int) -> bool:
        """Choice number `choice` of those that the module's style makes."""
        return bool(self.module.style >> choice & 1)

    def put(self, text: str) -> None:
        """A line at the present depth."""
        self.lines.append(f"{self.indent * self._depth}{text}")

    def mark(self) -> None:
        """The next line is that of the next statement or header."""
        self.places.append(len(self.lines) + 1)

    def block(self, block: ir.Block) -> None:
        """The statements of a block, one level deeper."""
        self._depth += 1
        for statement in block:
            self.statement(statement)
        self._depth -= 1

    def statement(self, statement: ir.Statement) -> None:
        """A statement with all that it holds."""
        self.mark()
        getattr(self, f"write_{type(statement).__name__.lower()}")(statement)

    def rendering(self, header: Sequence[str] = ()) -> ir.Rendering:
        """What has been written, below the lines of a header."""
        below = len(header)
        places = tuple(place + below for place in self.places) if below else tuple(self.places)
        return ir.Rendering("\n".join([*header, *self.lines]), places)

    def expression(self, node: ir.Expression, least: int = LOOSE) -> str:
        """An expression, in parentheses where its precedence is below `least`."""
        text, precedence = self.written(node)
        return f"({text})" if precedence < least else text

    def written(self, node: ir.Expression) -> tuple[str, int]:
        """An expression's text and precedence."""
        if isinstance(node, ir.Operation):
            return self.write_operation(node)
        if isinstance(node, ir.Variable):
            return self.renderer.name(node.name), TIGHT
        result: tuple[str, int] = getattr(self, f"write_{type(node).__name__.lower()}")(node)
        return result

    def write_operation(self, node: ir.Operation) -> tuple[str, int]:
        """An operation by the table."""
        spelling = self.renderer.spelling(node)
        operands, least = node.operands, spelling.least
        if spelling is SAME:
            return self.written(operands[0])
        last = len(least) - 1
        texts = [
            self.expression(operand, least[number if number < last else last])
            for number, operand in enumerate(operands)
        ]
        return spelling.text(*texts), spelling.precedence

    def write_call(self, node: ir.Call) -> tuple[str, int]:
        """A call of a function of the module."""
        arguments = ", ".join(self.expression(argument) for argument in node.arguments)
        return f"{self.renderer.name(node.function)}({arguments})", POSTFIX

    def mutated(self, node: ir.Mutate) -> str:
        """A change in place by the table."""
        spelling = self.renderer.MUTATIONS[node.operation]
        operands = [self.expression(operand) for operand in node.operands]
        return spelling.text(self.renderer.name(node.target.name), *operands)


def members(shown: Callable[[Any, ir.Type], str], value: Any, type: ir.Type) -> list[str]:
    """The texts of what a list, a tuple or a set holds; of a set in order."""
    if type.name == "tuple":
        return [shown(one, inner) for one, inner in zip(value, type.arguments)]
    items = sorted(value) if type.name == "set" else value
    return [shown(one, type.element) for one in items]


def flat_parts(node: ir.Template) -> list[ir.Expression]:
    """The parts of a template, with those of templates in it."""
    parts: list[ir.Expression] = []
    for part in node.parts:
        parts += flat_parts(part) if isinstance(part, ir.Template) else [part]
    return parts


def holds_template(node: ir.Expression) -> bool:
    """Whether a template stands somewhere in an expression."""
    found = (node, *ir.all_expressions(node))
    return any(isinstance(one, ir.Template) for one in found)


def augmented(node: ir.Mutate) -> tuple[str, ir.Expression, ir.Expression] | None:
    """`(operation, place, operand)` where an item becomes itself and more, as in `a[i] += 1`."""
    if node.operation not in ("set_at", "set_key"):
        return None
    key, value = node.operands
    if isinstance(value, ir.Operation) and value.name in ("add", "sub", "mul"):
        place, operand = value.operands
        if (
            isinstance(place, ir.Operation)
            and place.name in ("at", "get")
            and place.operands == (node.target, key)
        ):
            return value.name, place, operand
    return None


def is_fresh_sum(node: ir.Mutate) -> ir.Expression | None:
    """What is added, where a key's number, 0 where it has none, grows: `m[k] = m.get(k, 0) + x`."""
    if node.operation == "set_key":
        key, value = node.operands
        if isinstance(value, ir.Operation) and value.name == "add":
            place, operand = value.operands
            if isinstance(place, ir.Operation) and place.name == "get_or":
                start = place.operands[2]
                if place.operands[:2] == (node.target, key) and start == ir.Literal(ir.INT, 0):
                    return operand
    return None
