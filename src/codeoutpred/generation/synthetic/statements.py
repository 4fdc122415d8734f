"""Compiles statements to closures that change a frame and add their steps to the trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from codeoutpred import ir
from codeoutpred.generation.synthetic.evaluation import (
    EXCEPTION,
    FUNCTION,
    KIND_BITS,
    LOOP,
    ExpressionCompiler,
    Value,
    ends_in_a_step,
)
from codeoutpred.generation.synthetic.levels import Level, OutOfBoundsError
from codeoutpred.generation.synthetic.run import COMPUTED, Frame, RaisedError, Run

if TYPE_CHECKING:
    from codeoutpred.protocols import Renderer

Execute = Callable[[Run, Frame], str]
"""A statement: gives the way out of its block (`break`, `continue`, `return`), or nothing."""


class StatementCompiler(ExpressionCompiler):
    """Compiles the functions and statements of one module, in document order."""

    def __init__(self, lines: tuple[int, ...], renderer: Renderer, level: Level) -> None:
        super().__init__(renderer, level)
        self._lines = lines
        self._number = 0

    def _place(self) -> tuple[str, int]:
        """The line and the bit of the next statement or header."""
        number = self._number
        self._number += 1
        self._line = f"{self._lines[number]}|"
        return self._line, 2 << number

    def function(self, function: ir.Function) -> None:
        """Make a function known to whatever calls it."""
        line, own = self._place()
        parameters = [
            (one.name, self.renderer.name(one.name), one.type) for one in function.parameters
        ]
        body, result = self.block(function.body), self.renderer.result

        def call(run: Run, arguments: list[Value]) -> Value:
            run.kinds |= FUNCTION
            run.calls += 1
            if run.calls > run.level.calls:
                raise OutOfBoundsError("calls too deep")
            mask, control = run.mask | own, run.control
            run.control = 0
            frame: Frame = {}
            for (key, name, type), (value, _) in zip(parameters, arguments):
                frame[key] = (value, mask)
                run.step(f"{line}{name}{result(value, type)}")
            body(run, frame)
            run.calls -= 1
            run.control = control
            run.mask |= mask
            return run.returned

        self.functions[function.name] = call

    def block(self, block: ir.Block) -> Execute:
        """One statement after the other, up to a way out."""
        statements = [self._statement(statement) for statement in block]
        if len(statements) == 1:
            return statements[0]

        def execute(run: Run, frame: Frame) -> str:
            for statement in statements:
                way_out = statement(run, frame)
                if way_out:
                    return way_out
            return ""

        return execute

    def _statement(self, node: ir.Statement) -> Execute:
        line, own = self._place()
        compile_node: Callable[..., Execute] = getattr(self, f"_{type(node).__name__.lower()}")
        return compile_node(node, line, own)

    def _assign(self, node: ir.Assign, line: str, own: int) -> Execute:
        key, name = node.target.name, self.renderer.name(node.target.name)
        evaluate = self.expression(node.value, name)
        written, bare = ends_in_a_step(node.value), isinstance(node.value, ir.Variable)
        result, type = self.renderer.result, node.target.type

        def execute(run: Run, frame: Frame) -> str:
            run.mask = run.control | own
            value, text = evaluate(run, frame)
            frame[key] = (value, run.mask)
            if not written:
                source = f"{text}:" if bare else ""
                run.step(f"{line}{source}{name}{result(value, type)}")
            return ""

        return execute

    def _update(self, node: ir.Update, line: str, own: int) -> Execute:
        operation = ir.Operation(node.target.type, node.operation, (node.target, node.value))
        return self._assign(ir.Assign(node.target, operation, new=False), line, own)

    def _mutate(self, node: ir.Mutate, line: str, own: int) -> Execute:
        meaning = ir.MUTATIONS[node.operation]
        change, bit = meaning.compute, KIND_BITS[meaning.kind]
        target = self.expression(node.target)
        operands = [self.expression(operand) for operand in node.operands]
        spell, check = self.renderer.speller(node), self.level.check(node.target.type)
        key, name, type = node.target.name, self.renderer.name(node.target.name), node.target.type
        result = self.renderer.result

        def execute(run: Run, frame: Frame) -> str:
            run.mask = run.control | own
            run.kinds |= bit
            pairs = [operand(run, frame) for operand in operands]
            whole, text = target(run, frame)
            change(whole, *(pair[0] for pair in pairs))
            if check is not None:
                check(whole)
            run.mask |= COMPUTED
            frame[key] = (whole, run.mask)
            changed = spell(text, *(pair[1] for pair in pairs))
            run.step(f"{line}{changed}:{name}{result(whole, type)}")
            return ""

        return execute

    def _take(self, node: ir.Take, line: str, own: int) -> Execute:
        source, spell = self.expression(node.source), self.renderer.speller(node)
        place = 0 if node.end == "first" else -1
        key, name, type = node.target.name, self.renderer.name(node.target.name), node.target.type
        whole, result = node.source.name, self.renderer.result
        bit = KIND_BITS["list"]

        def execute(run: Run, frame: Frame) -> str:
            run.mask = run.control | own | COMPUTED
            run.kinds |= bit
            items, text = source(run, frame)
            value = items.pop(place)
            frame[key], frame[whole] = (value, run.mask), (items, run.mask)
            run.step(f"{line}{spell(text)}:{name}{result(value, type)}")
            return ""

        return execute

    def _if(self, node: ir.If, line: str, own: int) -> Execute:
        test = self.condition(node.test)
        body, otherwise = self.block(node.body), self.block(node.otherwise)
        bit = KIND_BITS["conditional"]

        def execute(run: Run, frame: Frame) -> str:
            outer = run.control
            run.mask = outer | own
            run.kinds |= bit
            chosen = body if test(run, frame) else otherwise
            run.control = run.mask
            way_out = chosen(run, frame)
            run.control = outer
            return way_out

        return execute

    def _while(self, node: ir.While, line: str, own: int) -> Execute:
        test = self.condition(node.test)
        body = self.block(node.body)

        def execute(run: Run, frame: Frame) -> str:
            outer = run.control
            run.mask = outer | own
            run.kinds |= LOOP
            way_out = ""
            while test(run, frame):
                run.count_round()
                run.control |= run.mask
                way_out = body(run, frame)
                if way_out == "break" or way_out == "return":
                    break
                run.mask = run.control
            run.control = outer
            return way_out if way_out == "return" else ""

        return execute

    def _for(self, node: ir.For, line: str, own: int) -> Execute:
        rounds, body = self.rounds(node.names, node.source), self.block(node.body)

        def execute(run: Run, frame: Frame) -> str:
            outer = run.control
            run.mask = outer | own
            run.kinds |= LOOP
            way_out = ""
            for _ in rounds(run, frame):
                run.control |= run.mask
                way_out = body(run, frame)
                if way_out == "break" or way_out == "return":
                    break
            run.control = outer
            return way_out if way_out == "return" else ""

        return execute

    def _break(self, node: ir.Break, line: str, own: int) -> Execute:
        return lambda run, frame: "break"

    def _continue(self, node: ir.Continue, line: str, own: int) -> Execute:
        return lambda run, frame: "continue"

    def _return(self, node: ir.Return, line: str, own: int) -> Execute:
        evaluate, spell = self.expression(node.value), self.renderer.speller(node)
        result, type = self.renderer.result, node.value.type

        def execute(run: Run, frame: Frame) -> str:
            run.mask = run.control | own
            value, text = evaluate(run, frame)
            run.step(line + spell(text))
            run.returned = (value, result(value, type))
            return "return"

        return execute

    def _print(self, node: ir.Print, line: str, own: int) -> Execute:
        values = [self.expression(value) for value in node.values]
        types = [value.type for value in node.values]
        spell, display = self.renderer.speller(node), self.renderer.display

        def execute(run: Run, frame: Frame) -> str:
            run.mask = run.control | own
            pairs = [value(run, frame) for value in values]
            run.output.append(
                " ".join([display(pair[0], type) for pair, type in zip(pairs, types)])
            )
            run.printed.append(" ".join([str(pair[0]) for pair in pairs]))
            run.step(line + spell(*(pair[1] for pair in pairs)))
            run.answer |= run.mask
            return ""

        return execute

    def _raise(self, node: ir.Raise, line: str, own: int) -> Execute:
        message, spell = self.expression(node.message), self.renderer.speller(node)

        def execute(run: Run, frame: Frame) -> str:
            run.mask = run.control | own
            value, text = message(run, frame)
            run.step(line + spell(text))
            raise RaisedError(value)

        return execute

    def _attempt(self, node: ir.Attempt, line: str, own: int) -> Execute:
        key, name = node.target.name, self.renderer.name(node.target.name)
        call, fallback = self.expression(node.call), self.expression(node.fallback, name)
        written = ends_in_a_step(node.fallback)
        result, type = self.renderer.result, node.target.type

        def execute(run: Run, frame: Frame) -> str:
            control, calls = run.control, run.calls
            run.mask = control | own
            run.kinds |= EXCEPTION
            show = True
            try:
                value, _ = call(run, frame)
            except RaisedError as error:
                run.control, run.calls = control, calls
                frame[node.message.name] = (str(error), run.mask)
                value, _ = fallback(run, frame)
                show = not written
            run.mask |= own
            frame[key] = (value, run.mask)
            if show:
                run.step(f"{line}{name}{result(value, type)}")
            return ""

        return execute
