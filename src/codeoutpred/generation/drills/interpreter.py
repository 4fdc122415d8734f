"""Runs the statements of a growing program and writes down its trace, one hop a token.

Each step begins with the number of its line. Then the trace repeats every operand with its value
right behind its name, then the result behind the name that receives it, so that a small model finds
each token it must write one step away:

    >>> run = Interpreter(LEVELS[2])
    >>> run.execute(ast.parse("a = 3\\nb = a * a + 1\\nprint(b)").body)
    >>> run.trace
    ['1|a3', '2|a3 * a3:9', '2|9 + 1:b10', '3|print(b10)']

Only what the generator writes is understood; a run that leaves its level's bounds, or raises,
ends in `OutOfBoundsError`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import Any

from codeoutpred.generation.drills.expressions import ExpressionRun
from codeoutpred.generation.drills.levels import LEVELS, Level
from codeoutpred.generation.drills.operations import kind_of_operand
from codeoutpred.generation.drills.state import OutOfBoundsError, Term, Uses

__all__ = ["LEVELS", "Interpreter", "OutOfBoundsError"]

_RAISED = (ArithmeticError, LookupError, TypeError, ValueError, RecursionError)
"""What a program of the generator may raise."""
_DEEPEST_CALL = 4


class _Return(Exception):  # noqa: N818 - a jump, not an error
    def __init__(self, value: Any) -> None:
        self.value = value


class _Break(Exception):  # noqa: N818
    pass


class _Continue(Exception):  # noqa: N818
    pass


class Interpreter(ExpressionRun):
    """Runs statements: the whole language of the synthetic programs."""

    def __init__(self, level: Level) -> None:
        super().__init__(level)
        self._functions: dict[str, ast.FunctionDef] = {}
        self._depth = 0

    def fork(self) -> Interpreter:
        """An independent copy, to try statements on."""
        twin = Interpreter(self.level)
        twin.trace = self.trace.copy()
        twin.operations = self.operations.copy()
        twin.output = self.output.copy()
        twin.loop_steps = self.loop_steps
        twin.answer_uses = Uses(set(self.answer_uses.lines), self.answer_uses.computed)
        twin._variables = self._variables.copy()
        twin._functions = self._functions.copy()
        return twin

    def execute(self, statements: Iterable[ast.stmt]) -> None:
        """Run statements; `OutOfBoundsError` leaves the interpreter unusable (work on a fork)."""
        try:
            self._block(statements)
        except _RAISED as error:
            raise OutOfBoundsError(str(error)) from error

    def call(self, function: ast.FunctionDef, arguments: Sequence[Any]) -> Any:
        """Call a function with given values, as a `call` sample does, and return its value."""
        try:
            self._bind(function, [Term(value, repr(value)) for value in arguments])
            self._block(function.body)
        except _Return as result:
            return result.value
        except _RAISED as error:
            raise OutOfBoundsError(str(error)) from error
        return None

    def _block(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            self._uses = Uses()
            self._line = statement.lineno
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
                self._uses = Uses()
                self._line = node.lineno

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

    def _call(self, name: str, arguments: list[Term]) -> Term | None:
        function = self._functions.get(name)
        if function is None:
            return None
        if self._depth >= _DEEPEST_CALL:
            raise OutOfBoundsError("calls too deep")
        self.operations.add("function")
        self._step(f"{function.name}({', '.join(term.text for term in arguments)})")
        outer, uses, line = self._variables, self._uses, self._line
        self._variables = {}
        self._depth += 1
        self._bind(function, arguments)
        value = None
        try:
            self._block(function.body)
        except _Return as result:
            value = result.value
        self._depth -= 1
        self._variables, self._line = outer, line
        uses.lines |= self._uses.lines
        uses.computed = True
        self._uses = uses
        return Term(value, repr(value))

    def _bind(self, function: ast.FunctionDef, arguments: Sequence[Term]) -> None:
        self.operations.add("function")
        self._line = function.lineno
        for parameter, term in zip(function.args.args, arguments):
            self._assign(parameter.arg, term.value, function.lineno)
            self._step(self._spell(parameter.arg))

    def _receive(self, name: str, term: Term, line: int) -> None:
        self._assign(name, term.value, line)
        if not term.written:
            named = term.text != repr(term.value)
            self._step(f"{term.text}:{self._spell(name)}" if named else self._spell(name))

    def _store_item(self, target: ast.Subscript, term: Term, line: int) -> None:
        assert isinstance(target.value, ast.Name)
        name = target.value.id
        whole, index = self._evaluate(target.value), self._evaluate(target.slice)
        value = whole.value.copy()
        value[index.value] = term.value
        self._count(kind_of_operand(value))
        before = whole.text
        self._assign(name, value, line)
        self._step(f"{before}[{index.text}] = {term.text}:{self._spell(name)}")
