"""Programs and limits that make no sense: a status for those, one clear error for these."""

from __future__ import annotations

import dataclasses
import shutil

import pytest
from execution_programs import script

from codeoutpred.errors import InvalidValueError
from codeoutpred.execution import LocalExecutor
from codeoutpred.records import Limits

LIMITS = Limits(cpu_seconds=10, wall_seconds=60)
TOOLS = {"python": "python3", "javascript": "node", "rust": "rustc"}
FINE = {
    "python": "print(42)",
    "javascript": "console.log(42)",
    "rust": 'fn main() { println!("42"); }',
}
COMMENTS = {"python": "#", "javascript": "//", "rust": "//"}
FAULTS = ("a NUL byte", "a lone surrogate", "ten megabytes", "nothing", "a syntax error")


def faulty(language: str, fault: str) -> tuple[str, str]:
    """A program with the fault, and the status that it comes out as."""
    fine = FINE[language]
    if fault == "a NUL byte":
        return f"{fine}\0", "compile_error"
    if fault == "a lone surrogate":
        return f"{fine} {COMMENTS[language]} \ud800", "compile_error"
    if fault == "ten megabytes":
        return f"{fine} {COMMENTS[language]} {'x' * 10_000_000}", "ok"
    if fault == "nothing":
        return "", "compile_error" if language == "rust" else "ok"
    return f"{fine} (((", "compile_error"


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("language", FINE)
def test_a_bad_program_is_a_status_and_the_next_one_is_right(
    executor: LocalExecutor, language: str, fault: str
) -> None:
    if shutil.which(TOOLS[language]) is None:
        pytest.skip(f"needs {TOOLS[language]}")
    source, status = faulty(language, fault)
    assert executor.run(script(source, language), limits=LIMITS).status == status
    assert executor.run(script(FINE[language], language), limits=LIMITS).stdout == "42\n"


def test_a_program_in_an_unknown_language_is_a_status(executor: LocalExecutor) -> None:
    done = executor.run(script("print(1)", "klingon"))
    assert done.status == "toolchain_missing"
    assert "klingon" in done.detail


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Limits)])
@pytest.mark.parametrize("value", [0, -1])
def test_a_limit_of_nothing_or_less_is_named(name: str, value: int) -> None:
    with pytest.raises(InvalidValueError, match=f"limit {name} is {value}"):
        Limits(**{name: value})


@pytest.mark.parametrize("language", FINE)
@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Limits)])
def test_a_limit_above_the_machine_is_named(
    executor: LocalExecutor, name: str, language: str
) -> None:
    if shutil.which(TOOLS[language]) is None:
        pytest.skip(f"needs {TOOLS[language]}")
    limits = dataclasses.replace(LIMITS, **{name: 2**62})
    with pytest.raises(InvalidValueError, match=f"limit {name} is"):
        executor.run(script(FINE[language], language), limits=limits)
