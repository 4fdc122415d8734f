"""Standard input: what a job brings reaches its program, and no other."""

from __future__ import annotations

import pytest
from execution_programs import script

from codeoutpred.execution import LocalExecutor, VerifiedExecutor
from codeoutpred.records import Job

READERS = {
    "python": "import sys\nprint(sys.stdin.read(), end='')",
    "javascript": "process.stdout.write(require('fs').readFileSync(0, 'utf8'))",
    "rust": 'fn main() { print!("{}", std::io::read_to_string(std::io::stdin()).unwrap()) }',
    "bash": "cat",
    "perl": "print <STDIN>;",
}


@pytest.mark.parametrize("language", READERS)
def test_a_program_reads_what_its_job_brings_and_the_next_finds_nothing(
    executor: LocalExecutor, language: str
) -> None:
    program = script(READERS[language], language)
    jobs = [Job(program=program, stdin="a\né\n"), Job(program=program)]
    first, second = executor.run_many(jobs)
    if first.status == "toolchain_missing":
        pytest.skip(first.detail)
    assert (first.status, first.stdout) == ("ok", "a\né\n")
    assert (second.status, second.stdout) == ("ok", "")


def test_input_asks_line_by_line(executor: LocalExecutor) -> None:
    source = "print(input('? '), input())\ntry:\n    input()\nexcept EOFError:\n    print('end')"
    [done] = executor.run_many([Job(program=script(source), stdin="1\n2\n")])
    assert done.stdout == "? 1 2\nend\n"


def test_input_far_larger_than_a_pipe_passes(executor: LocalExecutor) -> None:
    program = script("import sys\nprint(len(sys.stdin.read()))")
    jobs = [Job(program=program, stdin="x" * 3_000_000), Job(program=program, stdin="y")] * 3
    assert [done.stdout for done in executor.run_many(jobs)] == ["3000000\n", "1\n"] * 3


def test_both_runs_of_a_verified_job_read_the_same(verified: VerifiedExecutor) -> None:
    [done] = verified.run_many([Job(program=script("print(input())"), stdin="a")])
    assert (done.status, done.stdout) == ("ok", "a\n")


def test_a_lone_surrogate_in_the_input_is_a_status(executor: LocalExecutor) -> None:
    [done] = executor.run_many([Job(program=script("print(1)"), stdin="\ud800")])
    assert done.status == "compile_error"
