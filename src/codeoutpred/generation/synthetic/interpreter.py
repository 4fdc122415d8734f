"""The reference interpreter: what a program of the intermediate language does, step by step.

It compiles a module once to closures and runs it on as many cases as are asked for. The trace is in
the one-hop form of the trace prompts, with the lines, names and values of one language: each step
begins with the number of its line, names every operand with its value, and ends in the result
behind the name that receives it (`2|a3 * a3:9`, `2|9 + 1:b10`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from codeoutpred import ir
from codeoutpred.generation.synthetic.levels import Level, OutOfBoundsError
from codeoutpred.generation.synthetic.run import COMPUTED, Run
from codeoutpred.generation.synthetic.statements import StatementCompiler

if TYPE_CHECKING:
    from codeoutpred.protocols import Renderer

_FAULTS = (ArithmeticError, LookupError, ValueError)
"""What an operation raises where it has no meaning."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run came to.

    `value` is the returned value, or what was printed in the words of Python, the same for every
    language; `answer` its text in the language.
    """

    value: Any
    answer: str
    trace: str
    steps: int
    dependent_statements: int
    kinds: int


class Interpreter:
    """Runs one module; raises `OutOfBoundsError` for a run that leaves the level's bounds."""

    def __init__(
        self, module: ir.Module, rendering: ir.Rendering, renderer: Renderer, level: Level
    ) -> None:
        compiler = StatementCompiler(rendering.lines, renderer, level)
        for function in module.functions:
            compiler.function(function)
        self._main = compiler.block(module.main)
        self._functions = compiler.functions
        self.literals = compiler.literals
        """The values that stand in the program, as type and text."""
        self.module = module
        self.renderer = renderer
        self.level = level

    def run(self) -> Outcome:
        """Run the main statements."""
        run = Run(self.level)
        _guarded(self._main, run, {})
        return self._outcome(run, "\n".join(run.printed), "\n".join(run.output))

    def call(self, arguments: Sequence[Any]) -> Outcome:
        """Call the entry with values; its answer must hang on them."""
        entry = self.module.function(self.module.entry)
        run = Run(self.level)
        values = [(value, "") for value in arguments]
        value, _ = _guarded(self._functions[entry.name], run, values)
        run.answer = run.mask
        return self._outcome(run, value, self.renderer.result(value, entry.returns))

    def _outcome(self, run: Run, value: Any, answer: str) -> Outcome:
        dependent = bin(run.answer >> 1).count("1") if run.answer & COMPUTED else 0
        return Outcome(value, answer, "\n".join(run.steps), len(run.steps), dependent, run.kinds)


def _guarded(function: Callable[[Run, Any], Any], run: Run, given: Any) -> Any:
    """Call a closure; an operation without a meaning leaves the bounds too."""
    try:
        return function(run, given)
    except _FAULTS as error:
        raise OutOfBoundsError(str(error)) from error
