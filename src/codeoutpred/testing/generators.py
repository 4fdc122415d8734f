"""The contract of a `Generator`."""

from __future__ import annotations

import json

from codeoutpred.protocols import Executor, Generator
from codeoutpred.records import Program
from codeoutpred.testing.expectations import ensure, short


def check_generator(
    generator: Generator, *, executor: Executor | None = None, count: int = 30, seed: int = 0
) -> None:
    """Check that items hang on (name, seed, index) alone, have ids of their own and can be stored.

    With an `executor`, each case is run as well, and must give what it foresees.
    """
    programs = list(generator.generate(count=count, seed=seed))
    culprit = f"generator {programs[0].generator if programs else type(generator).__name__!r}"
    ensure(len(programs) == count, f"{culprit}: gave {len(programs)} programs, not {count}")
    middle = count // 2
    slices = [
        *generator.generate(count=count - middle, seed=seed, start=middle),
        *generator.generate(count=middle, seed=seed),
    ]
    ensure(
        slices == programs[middle:] + programs[:middle],
        f"{culprit}: programs change with the slice they are asked in",
    )
    others = list(generator.generate(count=count, seed=seed + 1))
    ids = {program.id for program in [*programs, *others]}
    ensure(len(ids) == 2 * count, f"{culprit}: two programs share an id")
    ensure(
        [program.source for program in programs] != [program.source for program in others],
        f"{culprit}: another seed gives the same programs",
    )
    for program in programs:
        _check_program(program, f"{culprit}: program {program.id!r}", executor)


def _check_program(program: Program, culprit: str, executor: Executor | None) -> None:
    stored = Program.from_dict(json.loads(json.dumps(program.to_dict())))
    ensure(stored == program, f"{culprit} does not come back from JSON as it was")
    ensure(
        (program.kind == "call") == bool(program.entry),
        f"{culprit} is a {program.kind} with entry {program.entry!r}",
    )
    ensure(bool(program.cases), f"{culprit} has no case to run")
    if executor is None:
        return
    for case in program.cases:
        execution = executor.run(program, case.arguments)
        ensure(
            execution.status in ("ok", "exception"),
            f"{culprit} ends in {execution.status}: {execution.detail}",
        )
        answer = execution.value if program.kind == "call" else execution.stdout.rstrip("\n")
        ensure(
            not case.expected or (execution.error or answer) == case.expected,
            f"{culprit} gives {short(answer)}, not {short(case.expected)} as foreseen",
        )
