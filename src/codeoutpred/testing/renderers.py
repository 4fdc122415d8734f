"""The contract of a `Renderer`."""

from __future__ import annotations

from codeoutpred import ir
from codeoutpred.generation.synthetic import LEVELS, SyntheticGenerator
from codeoutpred.protocols import Executor, Language
from codeoutpred.records import Job
from codeoutpred.testing.expectations import ensure, short, unfailing


def check_renderer(
    language: Language, *, executor: Executor | None = None, count: int = 200, seed: int = 0
) -> None:
    """Check that synthetic programs of all levels can be written in a language.

    With an `executor`, which has to know the language, each program is run as well, and must do
    what the interpreter foresees.
    """
    culprit = f"renderer of language {language.name!r}"
    if language.renderer is None:
        raise AssertionError(f"{culprit}: there is none; set renderer")
    generator = SyntheticGenerator(language=language, levels=tuple(LEVELS))
    for index in range(count):
        with unfailing(f"{culprit}: program {index}", seed):
            _, drawn = generator.draw(seed, index)
        _check_rendering(drawn.module, language, culprit)
    if executor is None:
        return
    asked = [
        (program, case)
        for program in generator.generate(count=count, seed=seed)
        for case in program.cases
    ]
    jobs = (Job(program=program, arguments=case.arguments) for program, case in asked)
    for (program, case), execution in zip(asked, executor.run_many(jobs)):
        place = f"{culprit}: program {program.id!r}"
        ensure(
            execution.status == "ok",
            f"{place} ends in {execution.status}: {execution.error} {execution.detail}",
        )
        answer = execution.value if program.entry else execution.stdout.removesuffix("\n")
        ensure(
            answer == case.expected,
            f"{place} gives {short(answer)}, not {short(case.expected)} as the interpreter says",
        )


def _check_rendering(module: ir.Module, language: Language, culprit: str) -> None:
    assert language.renderer is not None
    rendering = language.renderer.render(module)
    ensure(
        language.renderer.render(module) == rendering,
        f"{culprit}: the same module is written differently when it is written again",
    )
    places = len(module.functions) + sum(1 for _ in ir.statements(module))
    ensure(
        len(rendering.lines) == places,
        f"{culprit}: {len(rendering.lines)} lines are told for {places} statements and headers",
    )
    lines = rendering.source.split("\n")
    ensure(
        list(rendering.lines) == sorted(rendering.lines)
        and all(0 < line <= len(lines) and lines[line - 1].strip() for line in rendering.lines),
        f"{culprit}: statements must stand on lines of the program, in their order",
    )
