"""`DrillGenerator`: draws a statement, runs it, keeps it if the run stays within the level.

>>> next(DrillGenerator().generate(count=1, seed=0)).id
'drills-python-0-0'
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from codeoutpred.errors import InvalidValueError
from codeoutpred.generation.drills.grammar import (
    FUNCTIONS,
    LOOP_VARIABLES,
    NAMES,
    Scope,
    type_of,
)
from codeoutpred.generation.drills.interpreter import Interpreter, OutOfBoundsError
from codeoutpred.generation.drills.levels import LEVELS, Level
from codeoutpred.generation.drills.statements import StatementGrammar, indent
from codeoutpred.generation.processes import drawn
from codeoutpred.records import Case, Program, Provenance

CALL_SHARE = 0.4
CASES_PER_FUNCTION = 2
PARAMETER_KINDS = ("int", "int", "int", "str", "list", "words", "dict")
ATTEMPTS = 40


class DrillGenerator:
    """Python programs of the given difficulty levels, pure in (name, seed, index).

    Many are drawn by `workers` processes, by default one a core.
    """

    provenance = Provenance(licence="mit", origin="drawn by codeoutpred's generator of drills")

    def __init__(
        self,
        *,
        language: str = "python",
        levels: Sequence[int] = (1, 2, 3),
        workers: int | None = None,
    ) -> None:
        if language != "python":
            raise InvalidValueError(
                f"the generator of drills writes python, not {language!r}; "
                f"choose python or a generator that writes {language}"
            )
        unknown = [level for level in levels if level not in LEVELS]
        if unknown or not levels:
            raise InvalidValueError(
                f"unknown difficulty level {unknown[0] if unknown else '(none given)'}; "
                f"choose from {', '.join(map(str, LEVELS))}"
            )
        self.name = f"drills-{language}"
        self.levels = tuple(levels)
        self.workers = workers

    def generate(self, *, count: int, seed: int, start: int = 0) -> Iterator[Program]:
        """Programs number `start` to `start + count - 1`; each run is known to end and be small."""
        numbers = range(start, start + count)
        return drawn(partial(self._program, seed), numbers, workers=self.workers)

    def _program(self, seed: int, index: int) -> Program:
        rng = random.Random(f"{self.name}:{seed}:{index}")
        level = LEVELS[rng.choice(self.levels)]
        draw = _draw_function if rng.random() < CALL_SHARE else _draw_script
        while (drawn := draw(rng, level)) is None:
            pass
        source, entry, cases, operations = drawn
        return Program(
            id=f"{self.name}-{seed}-{index}",
            language="python",
            source=source,
            kind="call" if entry else "script",
            entry=entry,
            cases=cases,
            generator="drills",
            difficulty=level.number,
            operations=tuple(sorted(operations)),
        )


_Drawn = tuple[str, str, tuple[Case, ...], set[str]]


class _Draft:
    """A program under way: its lines so far, and the state after running them."""

    def __init__(self, grammar: StatementGrammar) -> None:
        self.grammar = grammar
        self.lines: list[str] = []
        self.run = Interpreter(grammar.level)

    def add(self, source: str | None) -> bool:
        """Append the source if it runs within bounds from here."""
        if source is None:
            return False
        run = self.run.fork()
        tree = ast.increment_lineno(ast.parse(source), len(self.lines))
        try:
            run.execute(tree.body)
        except OutOfBoundsError:
            return False
        self.run = run
        self.lines += source.split("\n")
        return True

    def fill(self, count: int) -> None:
        """Add up to `count` statements, the last ones computed and not just declared."""
        for _ in range(ATTEMPTS):
            if count == 0:
                break
            count -= self.add(self.grammar.statement(self.scope()))

    def scope(self) -> Scope:
        """The variables that later statements may use: all but those of loops."""
        variables = self.run.variables().items()
        return {name: value for name, value in variables if name not in LOOP_VARIABLES}

    def result(self) -> str | None:
        """The expression that the program ends on; mostly a variable computed last."""
        scope = self.scope()
        computed = [name for name in scope if self.run.is_computed(name)]
        rng = self.grammar.rng
        if computed and rng.random() < 0.75:
            return computed[-1] if rng.random() < 0.7 else rng.choice(computed)
        kind = rng.choice([type_of(value) for value in scope.values()] or ["int"])
        return self.grammar.expression(kind, scope) if kind in NAMES else None


def _draw_script(rng: random.Random, level: Level) -> _Drawn | None:
    draft = _Draft(StatementGrammar(rng, level))
    count = rng.randint(*level.statements)
    draft.add(draft.grammar.declare({}))
    helper = _draw_helper(rng, level) if level.number > 2 and rng.random() < 0.3 else None
    if helper:
        entry, source, parameters = helper
        draft = _Draft(draft.grammar)
        draft.add(f"{source}\n")
        for value in parameters:
            name = draft.grammar.fresh_name(type_of(value), draft.scope())
            draft.add(name and f"{name} = {draft.grammar.literal(type_of(value))!r}")
        if not draft.add(_call(draft, entry, parameters)):
            return None
        count -= 2
    draft.fill(max(0, count - 1))
    expression = draft.result()
    second = draft.result() if rng.random() < 0.15 else None
    shown = f"{expression}, {second}" if second and second != expression else expression
    if not draft.add(expression and f"print({shown})") or not draft.run.dependent_statements:
        return None
    case = _case(draft.run, expected="\n".join(draft.run.output))
    return "\n".join(draft.lines), "", (case,), draft.run.operations


def _call(draft: _Draft, entry: str, parameters: Sequence[Any]) -> str | None:
    """`name = entry(...)` on variables of the parameters' types."""
    scope = draft.scope()
    arguments = [draft.grammar.operand(type_of(value), scope) for value in parameters]
    name = draft.grammar.fresh_name("int", scope)
    return name and f"{name} = {entry}({', '.join(arguments)})"


def _draw_helper(rng: random.Random, level: Level) -> tuple[str, str, list[Any]] | None:
    """A small function that returns an integer: its name, source and example arguments."""
    grammar = StatementGrammar(rng, level)
    kinds = [rng.choice(["int", "int", "list", "str"]) for _ in range(rng.randint(1, 2))]
    scope, entry = _parameters(grammar, kinds)
    body = []
    if rng.random() < 0.5:
        name = grammar.fresh_name("int", scope)
        value = grammar.expression("int", scope)
        if name and value:
            body.append(f"{name} = {value}")
            body.append(f"return {name} {rng.choice('+-*')} {grammar.operand('int', scope)}")
    if not body:
        body = [f"return {grammar.expression('int', scope)}"]
    source = f"def {entry}({', '.join(scope)}):\n" + indent("\n".join(body))
    return entry, source, list(scope.values())


def _parameters(grammar: StatementGrammar, kinds: Sequence[str]) -> tuple[Scope, str]:
    scope: Scope = {}
    for kind in kinds:
        name = grammar.fresh_name(kind, scope)
        if name:
            scope[name] = grammar.literal(kind)
    return scope, grammar.rng.choice(FUNCTIONS)


def _draw_function(rng: random.Random, level: Level) -> _Drawn | None:
    grammar = StatementGrammar(rng, level)
    kinds = [rng.choice(PARAMETER_KINDS) for _ in range(rng.randint(1, 2 + (level.number > 1)))]
    scope, entry = _parameters(grammar, kinds)
    draft = _Draft(grammar)
    for name, value in scope.items():
        draft.add(f"{name} = {value!r}")
    draft.fill(max(0, rng.randint(*level.statements) - 1))
    expression = draft.result()
    if expression is None:
        return None
    body = [*draft.lines[len(scope) :], f"return {expression}"]
    source = f"def {entry}({', '.join(scope)}):\n" + indent("\n".join(body))
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    cases: dict[str, Case] = {}
    operations: set[str] = set()
    for attempt in range(ATTEMPTS):
        values = (
            list(scope.values())
            if attempt == 0
            else [grammar.literal(kind) for kind in map(type_of, scope.values())]
        )
        run = Interpreter(level)
        try:
            value = run.call(function, values)
        except OutOfBoundsError:
            continue
        if not run.dependent_statements or function.lineno not in run.answer_uses.lines:
            continue  # an answer that does not depend on the arguments
        arguments = ", ".join(map(repr, values))
        cases[arguments] = _case(run, expected=repr(value), arguments=arguments)
        operations |= run.operations
        if len(cases) == CASES_PER_FUNCTION:
            return source, entry, tuple(cases.values()), operations
    return None


def _case(run: Interpreter, *, expected: str, arguments: str = "") -> Case:
    return Case(
        arguments=arguments,
        expected=expected,
        trace="\n".join(run.trace),
        dependent_statements=run.dependent_statements,
    )
