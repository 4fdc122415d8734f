"""Evaluates expressions; every operation adds a step to the trace."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any

from codeoutpred.generation.drills.operations import (
    BINARY,
    BUILTINS,
    COMPARISONS,
    kind_of_operand,
)
from codeoutpred.generation.drills.state import OutOfBoundsError, Run, Term, Uses


class ExpressionRun(Run, ABC):
    """A run that knows expressions; `Interpreter` adds the statements."""

    @abstractmethod
    def _call(self, name: str, arguments: list[Term]) -> Term | None:
        """The value of a function of the program; None where it has none of that name."""

    def _evaluate(self, node: ast.expr, receiver: str = "") -> Term:
        """The value of an expression; an operation adds a step that ends in `receiver`'s value."""
        term: Term = getattr(self, f"_eval_{type(node).__name__.lower()}")(node, receiver)
        return term

    def _eval_constant(self, node: ast.Constant, receiver: str) -> Term:
        return Term(node.value, repr(node.value), literal=True)

    def _eval_name(self, node: ast.Name, receiver: str) -> Term:
        variable = self._variables[node.id]
        self._uses.lines |= variable.lines
        self._uses.computed |= variable.computed
        return Term(variable.value, self._spell(node.id))

    def _eval_binop(self, node: ast.BinOp, receiver: str) -> Term:
        left, right = self._evaluate(node.left), self._evaluate(node.right)
        symbol, function = BINARY[type(node.op)]
        self._count("arithmetic" if isinstance(left.value, int) else kind_of_operand(left.value))
        if symbol == "*" and not isinstance(left.value, int) and right.value > self.level.length:
            raise OutOfBoundsError("a repetition too long")
        return self._result(
            f"{left.text} {symbol} {right.text}", function(left.value, right.value), receiver
        )

    def _eval_unaryop(self, node: ast.UnaryOp, receiver: str) -> Term:
        operand = self._evaluate(node.operand)
        if isinstance(node.op, ast.Not):
            self._count("boolean")
            return self._result(f"not {operand.text}", not operand.value, receiver)
        value = -operand.value
        if operand.literal:
            return Term(value, repr(value), literal=True)
        self._count("arithmetic")
        return self._result(f"-{operand.text}", value, receiver)

    def _eval_compare(self, node: ast.Compare, receiver: str) -> Term:
        left, right = self._evaluate(node.left), self._evaluate(node.comparators[0])
        symbol, function = COMPARISONS[type(node.ops[0])]
        self._count("comparison")
        return self._result(
            f"{left.text} {symbol} {right.text}", function(left.value, right.value), receiver
        )

    def _eval_boolop(self, node: ast.BoolOp, receiver: str) -> Term:
        is_and = isinstance(node.op, ast.And)
        self._count("boolean")
        first = self._evaluate(node.values[0])
        if bool(first.value) != is_and:
            return first
        second = self._evaluate(node.values[1])
        word = "and" if is_and else "or"
        return self._result(f"{first.text} {word} {second.text}", second.value, receiver)

    def _eval_ifexp(self, node: ast.IfExp, receiver: str) -> Term:
        self.operations.add("conditional")
        chosen = node.body if self._condition(node.test) else node.orelse
        return self._evaluate(chosen, receiver)

    def _eval_subscript(self, node: ast.Subscript, receiver: str) -> Term:
        whole = self._evaluate(node.value)
        self._count(kind_of_operand(whole.value))
        if isinstance(node.slice, ast.Slice):
            bounds = [
                self._evaluate(part) if part else Term(None, "")
                for part in (node.slice.lower, node.slice.upper, node.slice.step)
            ]
            key: Any = slice(*(bound.value for bound in bounds))
            text = ":".join(bound.text for bound in bounds[: 3 if node.slice.step else 2])
        else:
            index = self._evaluate(node.slice)
            key, text = index.value, index.text
        return self._result(f"{whole.text}[{text}]", whole.value[key], receiver)

    def _eval_list(self, node: ast.List, receiver: str) -> Term:
        return self._display([self._evaluate(item) for item in node.elts], "[", "]", receiver)

    def _eval_tuple(self, node: ast.Tuple, receiver: str) -> Term:
        return self._display([self._evaluate(item) for item in node.elts], "(", ")", receiver)

    def _eval_dict(self, node: ast.Dict, receiver: str) -> Term:
        keys = [self._evaluate(key) for key in node.keys if key is not None]
        values = [self._evaluate(value) for value in node.values]
        made = {key.value: value.value for key, value in zip(keys, values)}
        if all(value.literal for value in values):
            return Term(made, repr(made), literal=True)
        self._count("dict")
        pairs = ", ".join(f"{key.text}: {value.text}" for key, value in zip(keys, values))
        return self._result("{" + pairs + "}", made, receiver)

    def _eval_joinedstr(self, node: ast.JoinedStr, receiver: str) -> Term:
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

    def _eval_listcomp(self, node: ast.ListComp, receiver: str) -> Term:
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
        return Term(made, repr(made))

    def _eval_call(self, node: ast.Call, receiver: str) -> Term:
        if isinstance(node.func, ast.Attribute):
            target = self._evaluate(node.func.value)
            arguments = [self._evaluate(argument) for argument in node.args]
            self._count(kind_of_operand(target.value))
            value = getattr(target.value, node.func.attr)(*(term.value for term in arguments))
            if node.func.attr in ("items", "keys", "values"):
                value = list(value)
            name = f"{target.text}.{node.func.attr}"
        elif isinstance(node.func, ast.Name):
            arguments = [self._evaluate(argument) for argument in node.args]
            called = self._call(node.func.id, arguments)
            if called is not None:
                return called
            kind, function = BUILTINS[node.func.id]
            self._count(kind or kind_of_operand(arguments[0].value))
            value = function(*(term.value for term in arguments))
            name = node.func.id
        else:
            raise OutOfBoundsError("a call of something without a name")
        return self._result(f"{name}({', '.join(t.text for t in arguments)})", value, receiver)

    def _display(self, items: list[Term], opening: str, closing: str, receiver: str) -> Term:
        values = [item.value for item in items]
        made: Any = values if opening == "[" else tuple(values)
        if all(item.literal for item in items):
            return Term(made, repr(made), literal=True)
        self._count(kind_of_operand(made))
        inside = ", ".join(item.text for item in items)
        return self._result(f"{opening}{inside}{closing}", made, receiver)

    def _iterate(self, target: ast.expr, values: Iterable[Any], line: int) -> Iterator[None]:
        """Bind the loop variables value by value; each step names what is still to come."""
        pending = list(values)
        text = isinstance(values, str)
        names = [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]
        uses = self._uses
        while pending:
            self._count_loop_step()
            item = pending.pop(0)
            self._uses = Uses(set(uses.lines), uses.computed)
            self._line = line
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

    def _result(self, text: str, value: Any, receiver: str) -> Term:
        self._uses.computed = True
        self._check(value)
        self._step(f"{text}:{receiver}{value!r}")
        return Term(value, repr(value), written=bool(receiver))
