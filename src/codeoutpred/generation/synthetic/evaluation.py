"""Compiles expressions to closures that compute their value and add their steps to the trace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from codeoutpred import ir
from codeoutpred.generation.synthetic.levels import Level
from codeoutpred.generation.synthetic.run import COMPUTED, Frame, Run
from codeoutpred.generation.synthetic.values import copier, members

if TYPE_CHECKING:
    from codeoutpred.protocols import Renderer

Value = tuple[Any, str]
"""A value, and how the trace spells where it stands: `b10` for a variable, else the value."""
Evaluate = Callable[[Run, Frame], Value]
Callee = Callable[[Run, list[Value]], Value]

KIND_BITS = {kind: 1 << number for number, kind in enumerate(ir.KINDS)}
LOOP, FUNCTION, EXCEPTION = (KIND_BITS[kind] for kind in ("loop", "function", "exception"))


def ends_in_a_step(node: ir.Expression) -> bool:
    """Whether evaluating a node ends in a step that names its value, so that none must follow."""
    return isinstance(node, (ir.Operation, ir.Template, ir.SortedBy)) and not (
        isinstance(node, ir.Operation) and node.name in ir.LAZY
    )


class ExpressionCompiler:
    """Compiles the expressions of one module; `Compiler` adds the statements."""

    def __init__(self, renderer: Renderer, level: Level) -> None:
        self.renderer = renderer
        self.level = level
        self.functions: dict[str, Callee] = {}
        self.literals: set[tuple[ir.Type, str]] = set()
        """The values that stand in the program, as type and text."""
        self._line = ""
        """The number of the statement's line, as each of its steps begins."""

    def expression(self, node: ir.Expression, receiver: str = "") -> Evaluate:
        """The closure of a node; the step it ends in names the `receiver` of the value."""
        compile_node: Callable[..., Evaluate] = getattr(self, f"_{type(node).__name__.lower()}")
        return compile_node(node, receiver)

    def _literal(self, node: ir.Literal, receiver: str) -> Evaluate:
        value, text = node.value, self.renderer.result(node.value, node.type)
        self.literals.add((node.type, str(value)))
        if node.type.arguments:  # each evaluation makes a container of its own
            self.literals.update((inner, str(one)) for inner, one in members(value, node.type))
            copy = copier(node.type)
            return lambda run, frame: (copy(value), text)
        pair = (value, text)
        return lambda run, frame: pair

    def _variable(self, node: ir.Variable, receiver: str) -> Evaluate:
        key, name, type = node.name, self.renderer.name(node.name), node.type
        result = self.renderer.result

        def evaluate(run: Run, frame: Frame) -> Value:
            value, mask = frame[key]
            run.mask |= mask
            return value, name + result(value, type)

        return evaluate

    def _operation(self, node: ir.Operation, receiver: str) -> Evaluate:
        if node.name in ir.LAZY:
            return self._choose(node) if node.name == "choose" else self._logic(node)
        meaning = ir.OPERATIONS[node.name]
        compute, bit = meaning.compute, KIND_BITS[meaning.kind]
        finish = self._finish(node, receiver)
        spell = self.renderer.speller(node)
        operands = [self.expression(operand) for operand in node.operands]
        if len(operands) == 1:
            [only] = operands

            def evaluate_one(run: Run, frame: Frame) -> Value:
                value, text = only(run, frame)
                run.kinds |= bit
                return finish(run, compute(value), spell(text))

            return evaluate_one
        if len(operands) == 2:
            left, right = operands

            def evaluate_two(run: Run, frame: Frame) -> Value:
                one, text = left(run, frame)
                other, more = right(run, frame)
                run.kinds |= bit
                return finish(run, compute(one, other), spell(text, more))

            return evaluate_two

        def evaluate(run: Run, frame: Frame) -> Value:
            pairs = [operand(run, frame) for operand in operands]
            run.kinds |= bit
            values, texts = zip(*pairs)
            return finish(run, compute(*values), spell(*texts))

        return evaluate

    def _finish(self, node: ir.Expression, receiver: str) -> Callable[[Run, Any, str], Value]:
        """What checks a value and adds the step that it came from."""
        type, line, result = node.type, self._line, self.renderer.result
        check = self.level.check(type)
        ending = f":{receiver}"

        def finish(run: Run, value: Any, text: str) -> Value:
            if check is not None:
                check(value)
            shown = result(value, type)
            run.mask |= COMPUTED
            run.step(f"{line}{text}{ending}{shown}")
            return value, shown

        return finish

    def _logic(self, node: ir.Operation) -> Evaluate:
        first, second = (self.expression(operand) for operand in node.operands)
        spell, finish = self.renderer.speller(node), self._finish(node, "")
        is_and, bit = node.name == "and", KIND_BITS["boolean"]

        def evaluate(run: Run, frame: Frame) -> Value:
            value, text = first(run, frame)
            run.kinds |= bit
            if value != is_and:
                return value, text
            other, more = second(run, frame)
            return finish(run, other, spell(text, more))

        return evaluate

    def _choose(self, node: ir.Operation) -> Evaluate:
        test = self.condition(node.operands[0])
        then, otherwise = (self.expression(operand) for operand in node.operands[1:])
        bit = KIND_BITS["conditional"]

        def evaluate(run: Run, frame: Frame) -> Value:
            run.kinds |= bit
            run.mask |= COMPUTED
            return (then if test(run, frame) else otherwise)(run, frame)

        return evaluate

    def condition(self, node: ir.Expression) -> Callable[[Run, Frame], bool]:
        """The closure of a test; a bare variable has a step of its own."""
        evaluate, line = self.expression(node), self._line
        bare = isinstance(node, ir.Variable)

        def test(run: Run, frame: Frame) -> bool:
            value, text = evaluate(run, frame)
            if bare:
                run.step(line + text)
            return bool(value)

        return test

    def _template(self, node: ir.Template, receiver: str) -> Evaluate:
        parts = [self.expression(part) for part in node.parts]
        shows = [_displayed(self.renderer, part) for part in node.parts]
        spell, finish = self.renderer.speller(node), self._finish(node, receiver)
        bit = KIND_BITS["string"]

        def evaluate(run: Run, frame: Frame) -> Value:
            pairs = [part(run, frame) for part in parts]
            run.kinds |= bit
            value = "".join([show(pair[0]) for show, pair in zip(shows, pairs)])
            return finish(run, value, spell(*(pair[1] for pair in pairs)))

        return evaluate

    def _call(self, node: ir.Call, receiver: str) -> Evaluate:
        arguments = [self.expression(argument) for argument in node.arguments]
        spell, line, functions = self.renderer.speller(node), self._line, self.functions
        name = node.function

        def evaluate(run: Run, frame: Frame) -> Value:
            pairs = [argument(run, frame) for argument in arguments]
            run.kinds |= FUNCTION
            run.step(line + spell(*(pair[1] for pair in pairs)))
            run.mask |= COMPUTED
            return functions[name](run, pairs)

        return evaluate

    def _gather(self, node: ir.Gather, receiver: str) -> Evaluate:
        rounds = self.rounds(node.names, node.source)
        element = self.expression(node.element)
        test = self.condition(node.condition) if node.condition else None
        type, result, check = node.type, self.renderer.result, self.level.check(node.type)

        def evaluate(run: Run, frame: Frame) -> Value:
            run.kinds |= LOOP
            items = []
            for _ in rounds(run, frame):
                if test is None or test(run, frame):
                    items.append(element(run, frame)[0])
            run.mask |= COMPUTED
            if check is not None:
                check(items)
            return items, result(items, type)

        return evaluate

    def _sortedby(self, node: ir.SortedBy, receiver: str) -> Evaluate:
        source = self.expression(node.source)
        spell, finish = self.renderer.speller(node), self._finish(node, receiver)
        key, name = self.expression(node.key), node.variable.name
        bit = KIND_BITS["list"]

        def evaluate(run: Run, frame: Frame) -> Value:
            items, text = source(run, frame)
            run.kinds |= bit
            aside = Run(self.level)  # how keys are computed is no step of the trace
            keys = [key(aside, {name: (item, 0)})[0] for item in items]
            order = sorted(range(len(items)), key=keys.__getitem__)
            return finish(run, [items[number] for number in order], spell(text))

        return evaluate

    def rounds(
        self, names: Sequence[ir.Variable], source: ir.Expression
    ) -> Callable[[Run, Frame], Any]:
        """The closure that binds the names of a loop item by item, and yields after each.

        Each round is a step that names the items still to come.
        """
        walked, line, element = self.expression(source), self._line, names[0]
        bare = not ends_in_a_step(source)
        keys = [name.name for name in names]
        spelt = [(self.renderer.name(name.name), name.type) for name in names]
        result = self.renderer.result
        rest_type = ir.list_of(
            element.type if len(names) == 1 else ir.tuple_of(*(name.type for name in names))
        )
        is_text = source.type is ir.STR
        if is_text:
            rest_type = ir.STR

        def walk(run: Run, frame: Frame) -> Any:
            items, text = walked(run, frame)
            if bare:
                run.step(line + text)
            mask = run.mask
            for number, item in enumerate(items, start=1):
                run.count_round()
                if len(keys) == 1:
                    frame[keys[0]] = (item, mask)
                    (name, type) = spelt[0]
                    shown = name + result(item, type)
                else:
                    for key, part in zip(keys, item):
                        frame[key] = (part, mask)
                    shown = ", ".join(
                        name + result(part, type) for (name, type), part in zip(spelt, item)
                    )
                run.step(f"{line}{shown}~{result(items[number:], rest_type)}")
                yield
                run.mask |= mask

        return walk


def _displayed(renderer: Renderer, part: ir.Expression) -> Callable[[Any], str]:
    display, type = renderer.display, part.type
    return lambda value: display(value, type)
