"""Runs the statements of a growing program and writes down its trace, one hop a token.

The trace repeats every operand with its value right behind its name, then the result behind the
name that receives it, so that a small model finds each token it must write one step away:

    >>> run = Interpreter(LEVELS[2])
    >>> run.execute(ast.parse("a = 3\\nb = a * a + 1\\nprint(b)").body)
    >>> run.trace
    ['a3', 'a3 * a3:9', '9 + 1:b10', 'print(b10)']

Only what the generator writes is understood; a run that leaves its level's bounds, or raises,
ends in `OutOfBoundsError`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from codeoutpred.generation.synthetic.levels import LEVELS, Level
from codeoutpred.generation.synthetic.operations import (
    BINARY,
    BUILTINS,
    COMPARISONS,
    kind_of_operand,
)

__all__ = ["LEVELS", "Interpreter", "OutOfBoundsError"]


class OutOfBoundsError(Exception):
    """The run left the bounds of its level, or raised."""


class _Return(Exception):  # noqa: N818 - a jump, not an error
    def __init__(self, value: Any) -> None:
        self.value = value


class _Break(Exception):  # noqa: N818
    pass


class _Continue(Exception):  # noqa: N818
    pass


@dataclass(frozen=True, slots=True)
class _Variable:
    """A value (never changed in place), the lines it was computed from, and whether an operation
    made it."""

    value: Any
    lines: frozenset[int]
    computed: bool


@dataclass(slots=True)
class _Term:
    """An evaluated expression: its value, how the trace spells it, whether it is a bare literal.

    `written` tells that the last step of the trace already ends in the receiving name and value.
    """

    value: Any
    text: str
    literal: bool = False
    written: bool = False


@dataclass(slots=True)
class _Uses:
    """What the expression under way has used so far."""

    lines: set[int] = field(default_factory=set)
    computed: bool = False


class Interpreter:
    """The state of one run: variables, functions, trace, output, and what the answer rests on."""

    def __init__(self, level: Level) -> None:
        self.level = level
        self.trace: list[str] = []
        self.operations: set[str] = set()
        self.output: list[str] = []
        self.loop_steps = 0
        self.answer_uses = _Uses()
        self._variables: dict[str, _Variable] = {}
        self._functions: dict[str, ast.FunctionDef] = {}
        self._uses = _Uses()
        self._control: list[_Uses] = []
        self._depth = 0

    # What the generator asks.

    def variables(self) -> dict[str, Any]:
        """The variables in scope and their values, in the order of their first assignment."""
        return {name: variable.value for name, variable in self._variables.items()}

    def is_computed(self, name: str) -> bool:
        """Whether an operation, and not just a literal, made the value of `name`."""
        return self._variables[name].computed

    @property
    def dependent_statements(self) -> int:
        """How many statements the answer was computed from; 0 where it is a copied literal."""
        return len(self.answer_uses.lines) if self.answer_uses.computed else 0

    def fork(self) -> Interpreter:
        """An independent copy, to try statements on."""
        twin = Interpreter(self.level)
        twin.trace = self.trace.copy()
        twin.operations = self.operations.copy()
        twin.output = self.output.copy()
        twin.loop_steps = self.loop_steps
        twin.answer_uses = _Uses(set(self.answer_uses.lines), self.answer_uses.computed)
        twin._variables = self._variables.copy()
        twin._functions = self._functions.copy()
        return twin

    # Statements.

    def execute(self, statements: Iterable[ast.stmt]) -> None:
        """Run statements; `OutOfBoundsError` leaves the interpreter unusable (work on a fork)."""
        try:
            self._block(statements)
        except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
            raise OutOfBoundsError(str(error)) from error

    def call(self, function: ast.FunctionDef, arguments: Sequence[Any]) -> Any:
        """Call a function with given values, as a `call` sample does, and return its value."""
        try:
            self._bind(function, [_Term(value, repr(value)) for value in arguments])
            self._block(function.body)
        except _Return as result:
            return result.value
        except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
            raise OutOfBoundsError(str(error)) from error
        return None

    def _block(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            self._uses = _Uses()
            getattr(self, f"_run_{type(statement).__name__.lower()}")(statement)

    def _run_assign(self, node: ast.Assign) -> None:
        target = node.targets[0]
        if isinstance(target, ast.Name):
            term = self._evaluate(node.value, target.id)
            self._receive(target.id, term, node.lineno)
        elif isinstance(target, ast.Subscript):
            self._store_item(target, self._evaluate(node.value), node.lineno)
        elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            terms = [self._evaluate(item) for item in node.value.elts]
            names = [item.id for item in target.elts if isinstance(item, ast.Name)]
            for name, term in zip(names, terms):
                self._assign(name, term.value, node.lineno)
            sources = ", ".join(term.text for term in terms)
            self._step(f"{sources}:{', '.join(map(self._spell, names))}")

    def _run_augassign(self, node: ast.AugAssign) -> None:
        load = ast.copy_location(ast.parse(ast.unparse(node.target), mode="eval").body, node)
        if isinstance(node.target, ast.Name):
            operation = ast.copy_location(ast.BinOp(load, node.op, node.value), node)
            self._receive(node.target.id, self._evaluate(operation, node.target.id), node.lineno)
        elif isinstance(node.target, ast.Subscript):
            operation = ast.copy_location(ast.BinOp(load, node.op, node.value), node)
            self._store_item(node.target, self._evaluate(operation), node.lineno)

    def _run_expr(self, node: ast.Expr) -> None:
        call = node.value
        if not isinstance(call, ast.Call):
            raise OutOfBoundsError("an expression without effect")
        if isinstance(call.func, ast.Name) and call.func.id == "print":
            terms = [self._evaluate(argument) for argument in call.args]
            self.output.append(" ".join(str(term.value) for term in terms))
            self._step(f"print({', '.join(term.text for term in terms)})")
            self._answer()
        elif isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
            name = call.func.value.id
            target = self._evaluate(call.func.value)
            terms = [self._evaluate(argument) for argument in call.args]
            value = target.value.copy()
            getattr(value, call.func.attr)(*(term.value for term in terms))
            self._count(kind_of_operand(value))
            self._assign(name, value, node.lineno)
            arguments = ", ".join(term.text for term in terms)
            self._step(f"{target.text}.{call.func.attr}({arguments}):{self._spell(name)}")

    def _run_if(self, node: ast.If) -> None:
        self.operations.add("conditional")
        with self._controlled(node.lineno):
            self._block(node.body if self._condition(node.test) else node.orelse)

    def _run_for(self, node: ast.For) -> None:
        self.operations.add("loop")
        iterable = self._evaluate(node.iter)
        if isinstance(node.iter, ast.Name):
            self._step(iterable.text)
        with self._controlled(node.lineno):
            for _ in self._iterate(node.target, iterable.value, node.lineno):
                try:
                    self._block(node.body)
                except _Break:
                    break
                except _Continue:
                    continue

    def _run_while(self, node: ast.While) -> None:
        self.operations.add("loop")
        with self._controlled(node.lineno):
            while self._condition(node.test):
                self._control[-1] = self._uses
                self._count_loop_step()
                try:
                    self._block(node.body)
                except _Break:
                    break
                except _Continue:
                    pass
                self._uses = _Uses()

    def _run_functiondef(self, node: ast.FunctionDef) -> None:
        self._functions[node.name] = node

    def _run_return(self, node: ast.Return) -> None:
        assert node.value is not None
        term = self._evaluate(node.value)
        self._step(f"return {term.text}")
        if self._depth == 0:
            self._answer()
        raise _Return(term.value)

    def _run_break(self, node: ast.Break) -> None:
        raise _Break

    def _run_continue(self, node: ast.Continue) -> None:
        raise _Continue

    # Expressions.

    def _evaluate(self, node: ast.expr, receiver: str = "") -> _Term:
        """The value of an expression; an operation adds a step that ends in `receiver`'s value."""
        term: _Term = getattr(self, f"_eval_{type(node).__name__.lower()}")(node, receiver)
        return term

    def _eval_constant(self, node: ast.Constant, receiver: str) -> _Term:
        return _Term(node.value, repr(node.value), literal=True)

    def _eval_name(self, node: ast.Name, receiver: str) -> _Term:
        variable = self._variables[node.id]
        self._uses.lines |= variable.lines
        self._uses.computed |= variable.computed
        return _Term(variable.value, self._spell(node.id))

    def _eval_binop(self, node: ast.BinOp, receiver: str) -> _Term:
        left, right = self._evaluate(node.left), self._evaluate(node.right)
        symbol, function = BINARY[type(node.op)]
        self._count("arithmetic" if isinstance(left.value, int) else kind_of_operand(left.value))
        if symbol == "*" and not isinstance(left.value, int) and right.value > self.level.length:
            raise OutOfBoundsError("a repetition too long")
        return self._result(
            f"{left.text} {symbol} {right.text}", function(left.value, right.value), receiver
        )

    def _eval_unaryop(self, node: ast.UnaryOp, receiver: str) -> _Term:
        operand = self._evaluate(node.operand)
        if isinstance(node.op, ast.Not):
            self._count("boolean")
            return self._result(f"not {operand.text}", not operand.value, receiver)
        value = -operand.value
        if operand.literal:
            return _Term(value, repr(value), literal=True)
        self._count("arithmetic")
        return self._result(f"-{operand.text}", value, receiver)

    def _eval_compare(self, node: ast.Compare, receiver: str) -> _Term:
        left, right = self._evaluate(node.left), self._evaluate(node.comparators[0])
        symbol, function = COMPARISONS[type(node.ops[0])]
        self._count("comparison")
        return self._result(
            f"{left.text} {symbol} {right.text}", function(left.value, right.value), receiver
        )

    def _eval_boolop(self, node: ast.BoolOp, receiver: str) -> _Term:
        is_and = isinstance(node.op, ast.And)
        self._count("boolean")
        first = self._evaluate(node.values[0])
        if bool(first.value) != is_and:
            return first
        second = self._evaluate(node.values[1])
        word = "and" if is_and else "or"
        return self._result(f"{first.text} {word} {second.text}", second.value, receiver)

    def _eval_ifexp(self, node: ast.IfExp, receiver: str) -> _Term:
        self.operations.add("conditional")
        chosen = node.body if self._condition(node.test) else node.orelse
        return self._evaluate(chosen, receiver)

    def _eval_subscript(self, node: ast.Subscript, receiver: str) -> _Term:
        whole = self._evaluate(node.value)
        self._count(kind_of_operand(whole.value))
        if isinstance(node.slice, ast.Slice):
            bounds = [
                self._evaluate(part) if part else _Term(None, "")
                for part in (node.slice.lower, node.slice.upper, node.slice.step)
            ]
            key: Any = slice(*(bound.value for bound in bounds))
            text = ":".join(bound.text for bound in bounds[: 3 if node.slice.step else 2])
        else:
            index = self._evaluate(node.slice)
            key, text = index.value, index.text
        return self._result(f"{whole.text}[{text}]", whole.value[key], receiver)

    def _eval_list(self, node: ast.List, receiver: str) -> _Term:
        return self._display([self._evaluate(item) for item in node.elts], "[", "]", receiver)

    def _eval_tuple(self, node: ast.Tuple, receiver: str) -> _Term:
        return self._display([self._evaluate(item) for item in node.elts], "(", ")", receiver)

    def _eval_dict(self, node: ast.Dict, receiver: str) -> _Term:
        keys = [self._evaluate(key) for key in node.keys if key is not None]
        values = [self._evaluate(value) for value in node.values]
        made = {key.value: value.value for key, value in zip(keys, values)}
        if all(value.literal for value in values):
            return _Term(made, repr(made), literal=True)
        self._count("dict")
        pairs = ", ".join(f"{key.text}: {value.text}" for key, value in zip(keys, values))
        return self._result("{" + pairs + "}", made, receiver)

    def _display(self, items: list[_Term], opening: str, closing: str, receiver: str) -> _Term:
        values = [item.value for item in items]
        made: Any = values if opening == "[" else tuple(values)
        if all(item.literal for item in items):
            return _Term(made, repr(made), literal=True)
        self._count(kind_of_operand(made))
        inside = ", ".join(item.text for item in items)
        return self._result(f"{opening}{inside}{closing}", made, receiver)

    def _eval_joinedstr(self, node: ast.JoinedStr, receiver: str) -> _Term:
        self._count("string")
        value, text = "", ""
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                term = self._evaluate(part.value)
                value += str(term.value)
                text += "{" + term.text + "}"
            elif isinstance(part, ast.Constant):
                value += str(part.value)
                text += str(part.value)
        return self._result(f"f'{text}'", value, receiver)

    def _eval_listcomp(self, node: ast.ListComp, receiver: str) -> _Term:
        self.operations |= {"loop", "list"}
        loop = node.generators[0]
        iterable = self._evaluate(loop.iter)
        if isinstance(loop.iter, ast.Name):
            self._step(iterable.text)
        shadowed = self._variables.copy()
        made = []
        for _ in self._iterate(loop.target, iterable.value, node.lineno):
            if all(self._condition(test) for test in loop.ifs):
                made.append(self._evaluate(node.elt).value)
        self._variables = shadowed
        self._uses.computed = True
        self._check(made)
        return _Term(made, repr(made))

    def _eval_call(self, node: ast.Call, receiver: str) -> _Term:
        if isinstance(node.func, ast.Attribute):
            target = self._evaluate(node.func.value)
            arguments = [self._evaluate(argument) for argument in node.args]
            self._count(kind_of_operand(target.value))
            value = getattr(target.value, node.func.attr)(*(term.value for term in arguments))
            if node.func.attr in ("items", "keys", "values"):
                value = list(value)
            name = f"{target.text}.{node.func.attr}"
        elif isinstance(node.func, ast.Name) and node.func.id in self._functions:
            arguments = [self._evaluate(argument) for argument in node.args]
            return self._call(self._functions[node.func.id], arguments)
        elif isinstance(node.func, ast.Name):
            arguments = [self._evaluate(argument) for argument in node.args]
            kind, function = BUILTINS[node.func.id]
            self._count(kind or kind_of_operand(arguments[0].value))
            value = function(*(term.value for term in arguments))
            name = node.func.id
        else:
            raise OutOfBoundsError("a call of something without a name")
        return self._result(f"{name}({', '.join(t.text for t in arguments)})", value, receiver)

    def _call(self, function: ast.FunctionDef, arguments: list[_Term]) -> _Term:
        if self._depth >= 4:
            raise OutOfBoundsError("calls too deep")
        self.operations.add("function")
        self._step(f"{function.name}({', '.join(term.text for term in arguments)})")
        outer, uses = self._variables, self._uses
        self._variables = {}
        self._depth += 1
        self._bind(function, arguments)
        value = None
        try:
            self._block(function.body)
        except _Return as result:
            value = result.value
        self._depth -= 1
        self._variables = outer
        uses.lines |= self._uses.lines
        uses.computed = True
        self._uses = uses
        return _Term(value, repr(value))

    # Helpers.

    def _bind(self, function: ast.FunctionDef, arguments: Sequence[_Term]) -> None:
        self.operations.add("function")
        for parameter, term in zip(function.args.args, arguments):
            self._assign(parameter.arg, term.value, function.lineno)
            self._step(self._spell(parameter.arg))

    def _iterate(self, target: ast.expr, values: Iterable[Any], line: int) -> Iterator[None]:
        """Bind the loop variables value by value; each step names what is still to come."""
        pending = list(values)
        text = isinstance(values, str)
        names = [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]
        uses = self._uses
        while pending:
            self._count_loop_step()
            item = pending.pop(0)
            self._uses = _Uses(set(uses.lines), uses.computed)
            for name, value in zip(names, item if len(names) > 1 else [item]):
                self._assign(name, value, line)
            rest = "".join(pending) if text else pending
            self._step(f"{', '.join(map(self._spell, names))}~{rest!r}")
            yield
        self._uses = uses

    def _condition(self, node: ast.expr) -> bool:
        term = self._evaluate(node)
        if isinstance(node, ast.Name):
            self._step(term.text)
        return bool(term.value)

    def _result(self, text: str, value: Any, receiver: str) -> _Term:
        self._uses.computed = True
        self._check(value)
        self._step(f"{text}:{receiver}{value!r}")
        return _Term(value, repr(value), written=bool(receiver))

    def _receive(self, name: str, term: _Term, line: int) -> None:
        self._assign(name, term.value, line)
        if not term.written:
            named = term.text != repr(term.value)
            self._step(f"{term.text}:{self._spell(name)}" if named else self._spell(name))

    def _store_item(self, target: ast.Subscript, term: _Term, line: int) -> None:
        assert isinstance(target.value, ast.Name)
        name = target.value.id
        whole, index = self._evaluate(target.value), self._evaluate(target.slice)
        value = whole.value.copy()
        value[index.value] = term.value
        self._count(kind_of_operand(value))
        before = whole.text
        self._assign(name, value, line)
        self._step(f"{before}[{index.text}] = {term.text}:{self._spell(name)}")

    def _assign(self, name: str, value: Any, line: int) -> None:
        self._check(value)
        lines, computed = self._uses.lines | {line}, self._uses.computed
        for block in self._control:
            lines |= block.lines
            computed |= block.computed
        self._variables[name] = _Variable(value, frozenset(lines), computed)

    def _answer(self) -> None:
        self.answer_uses.lines |= self._uses.lines
        self.answer_uses.computed |= self._uses.computed
        for block in self._control:
            self.answer_uses.lines |= block.lines

    @contextmanager
    def _controlled(self, line: int) -> Iterator[None]:
        """Whatever is assigned inside depends on the line of the block and on its condition."""
        self._uses.lines.add(line)
        self._control.append(self._uses)
        yield
        self._control.pop()

    def _count(self, kind: str) -> None:
        self._uses.computed = True
        self.operations.add(kind)

    def _count_loop_step(self) -> None:
        self.loop_steps += 1
        if self.loop_steps > self.level.loop_steps:
            raise OutOfBoundsError("too many loop steps")

    def _check(self, value: Any) -> None:
        if not self.level.allows(value):
            raise OutOfBoundsError("a value too large")

    def _spell(self, name: str) -> str:
        return f"{name}{self._variables[name].value!r}"

    def _step(self, text: str) -> None:
        self.trace.append(text)
        if len(self.trace) > self.level.trace_steps:
            raise OutOfBoundsError("too many steps")
