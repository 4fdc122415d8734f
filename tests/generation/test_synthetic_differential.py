"""What the interpreter foresees is what each language really does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from codeoutpred import load_plugins
from codeoutpred.execution import make_executor
from codeoutpred.execution.local import LocalExecutor
from codeoutpred.generation.synthetic import LEVELS, SyntheticGenerator
from codeoutpred.records import Job

LANGUAGES = load_plugins(use_entry_points=False).languages
COUNTS = {"python": 300, "javascript": 300, "rust": 120}
MANY = 10_000


@pytest.fixture(scope="module")
def executor() -> Iterator[LocalExecutor]:
    with make_executor(LANGUAGES, workers=2, verify=False) as executor:
        assert isinstance(executor, LocalExecutor)
        yield executor


@pytest.mark.parametrize(
    ("name", "count"),
    [*COUNTS.items(), *(pytest.param(name, MANY, marks=pytest.mark.long) for name in COUNTS)],
)
def test_reality_agrees_with_the_interpreter(
    name: str, count: int, executor: LocalExecutor
) -> None:
    language = LANGUAGES.get(name)
    if language.toolchain() is None:
        pytest.skip(f"no toolchain for {name}")
    generator = SyntheticGenerator(language=language, levels=tuple(LEVELS))
    asked = [
        (program, case)
        for program in generator.generate(count=count, seed=2024)
        for case in program.cases
    ]
    jobs = (Job(program=program, arguments=case.arguments) for program, case in asked)
    for (program, case), execution in zip(asked, executor.run_many(jobs), strict=True):
        answer = execution.value if program.entry else execution.stdout.removesuffix("\n")
        told = f"{program.source}\n{case.arguments}\n{execution.status} {execution.detail}"
        assert (execution.status, answer) == ("ok", case.expected), told
