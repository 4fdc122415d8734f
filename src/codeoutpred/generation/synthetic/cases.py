"""Runs a drawn program and keeps it with its cases, if all runs are within bounds and worth asking.

An answer is worth asking for where it was computed from its input, is not written down in the
program, and is not the same for every input. None of this may hang on the language: the same number
has to be the same program in all of them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from codeoutpred import ir
from codeoutpred.generation.synthetic.interpreter import Interpreter, Outcome
from codeoutpred.generation.synthetic.levels import Level, OutOfBoundsError
from codeoutpred.generation.synthetic.programs import DrawnProgram
from codeoutpred.records import Case

if TYPE_CHECKING:
    from codeoutpred.protocols import Renderer

CASES = (2, 4)
"""The least and the greatest number of cases of a function."""
ATTEMPTS = 7


@dataclass(frozen=True, slots=True)
class Drawn:
    """A program in a language, with its cases and the kinds of operations that they do."""

    module: ir.Module
    source: str
    cases: tuple[Case, ...]
    kinds: int


def try_out(program: DrawnProgram, renderer: Renderer, rng: random.Random, level: Level) -> Drawn:
    """The program with its cases; raises `OutOfBoundsError` where it has too few."""
    module = program.module
    rendering = renderer.render(module)
    interpreter = Interpreter(module, rendering, renderer, level)
    if program.arguments is None:
        outcome = interpreter.run()
        if not outcome.dependent_statements:
            raise OutOfBoundsError("an answer that nothing computes")
        if any(text == outcome.value for _, text in interpreter.literals):
            raise OutOfBoundsError("an answer copied from the program")
        case = _case(outcome, arguments="")
        return Drawn(module, rendering.source, (case,), outcome.kinds)
    return _call_cases(program, rendering, interpreter, rng, renderer)


def _call_cases(
    program: DrawnProgram,
    rendering: ir.Rendering,
    interpreter: Interpreter,
    rng: random.Random,
    renderer: Renderer,
) -> Drawn:
    assert program.arguments is not None
    entry = program.module.function(program.module.entry)
    wanted = rng.randint(*CASES)
    cases: list[Case] = []
    seen: list[Any] = []
    answers: list[Any] = []
    kinds = 0
    for _ in range(ATTEMPTS):
        values = program.arguments()
        if values in seen:
            continue
        seen.append(values)
        try:
            outcome = interpreter.call(values)
        except OutOfBoundsError:
            if not cases:
                raise
            continue
        if outcome.dependent_statements < 2:
            raise OutOfBoundsError("an answer that hangs on no argument")
        if (entry.returns, str(outcome.value)) in interpreter.literals or outcome.value in values:
            continue
        if outcome.value in answers and rng.random() < 0.8:
            continue
        texts = [renderer.literal(value, one.type) for value, one in zip(values, entry.parameters)]
        cases.append(_case(outcome, arguments=", ".join(texts)))
        answers.append(outcome.value)
        kinds |= outcome.kinds
        if len(cases) == wanted:
            break
    if len(cases) < CASES[0] or all(answer == answers[0] for answer in answers):
        raise OutOfBoundsError("too few cases of different answers")
    return Drawn(program.module, rendering.source, tuple(cases), kinds)


def _case(outcome: Outcome, *, arguments: str) -> Case:
    return Case(
        arguments=arguments,
        expected=outcome.answer,
        trace=outcome.trace,
        dependent_statements=outcome.dependent_statements,
    )
