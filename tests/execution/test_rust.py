"""Rust for real: outcomes, batches, errors on the program that has them, determinism."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterable

import pytest
from execution_programs import answers, eventually, living, servers

from codeoutpred.execution import LocalExecutor, VerifiedExecutor
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.records import Execution, Job, Limits, Program

pytestmark = pytest.mark.skipif(
    not (shutil.which("rustc") and shutil.which("cc")), reason="needs rustc and a linker"
)

LIMITS = Limits(cpu_seconds=1, wall_seconds=5)


def rust(body: str, *, items: str = "") -> Program:
    return Program(id="r", language="rust", source=f"{items}\nfn main() {{ {body}\n}}\n")


def call(source: str, entry: str = "f") -> Program:
    return Program(id="c", language="rust", source=source, kind="call", entry=entry)


def run(executor: LocalExecutor, programs: Iterable[Program]) -> list[Execution]:
    return list(executor.run_many([Job(program=program) for program in programs], limits=LIMITS))


@pytest.mark.parametrize(
    ("body", "status", "stdout", "error", "detail"),
    [
        ('println!("{:?}", (1, "é", 1.5));', "ok", '(1, "é", 1.5)\n', "", ""),
        ('print!("a"); std::process::exit(0)', "ok", "a", "", ""),
        ('print!("a"); std::process::exit(3)', "exception", "a", "exit status 3", ""),
        ('println!("a"); panic!("no {}", 1)', "exception", "a\n", "panic", "no 1"),
        ("let v: Vec<i32> = vec![]; v[v.len()];", "exception", "", "panic", "index out of bounds"),
        ("let x = std::hint::black_box(255u8) + 1; drop(x)", "exception", "", "panic", "overflow"),
        ("std::process::abort()", "exception", "", "SIGABRT", ""),
        ("fn f(n: u64) -> u64 { 1 + f(n + 1) } f(0);", "exception", "", "SIGABRT", "stack"),
        ("loop {}", "timeout", "", "", "processor time"),
        ("std::thread::sleep(std::time::Duration::MAX)", "timeout", "", "", "still running"),
        ("let mut v = vec![]; loop { v.push(vec![0u8; 1 << 24]) }", "memory", "", "", ""),
        ("let x: i32 = 'a';", "compile_error", "", "", "E0308"),
        ('println!("{}"', "compile_error", "", "", "delimiter"),
    ],
)
def test_a_program_ends_as_it_would_alone(
    executor: LocalExecutor, body: str, status: str, stdout: str, error: str, detail: str
) -> None:
    done = executor.run(rust(body), limits=LIMITS)
    assert (done.status, done.stdout, done.error) == (status, stdout, error)
    assert detail in done.detail


def test_an_error_that_main_returns_is_an_exception(executor: LocalExecutor) -> None:
    source = 'fn main() -> Result<(), String> { println!("a"); Err("bad".into()) }'
    done = executor.run(Program(id="r", language="rust", source=source))
    assert (done.status, done.stdout, done.error) == ("exception", "a\n", "exit status 1")
    assert done.detail == 'Error: "bad"'


@pytest.mark.parametrize("text", ["endless", "\\u{e9}"])
def test_endless_output_is_cut(executor: LocalExecutor, text: str) -> None:
    done = executor.run(rust(f'loop {{ println!("{text}") }}'), limits=LIMITS)
    assert done.status == "output_limit"
    assert len(done.stdout) <= LIMITS.output_bytes


def test_programs_of_a_batch_take_their_own_places(executor: LocalExecutor) -> None:
    bodies = [f'println!("{{}}", {number} * 3)' for number in range(20)]
    executions = run(executor, map(rust, bodies))
    assert [done.stdout for done in executions] == [f"{number * 3}\n" for number in range(20)]


def test_bad_programs_of_a_batch_cost_only_their_own_answers(executor: LocalExecutor) -> None:
    bad = {
        'println!("{}"': "compile_error",
        "let x = y;": "compile_error",
        "let x: i32 = 'b';": "compile_error",
        "let mut s = String::new(); let r = &s; s.push('b'); drop(r)": "compile_error",
        "const X: usize = [1, 2][2]; drop(X)": "compile_error",
        "loop {} // of a batch": "timeout",
        'panic!("of a batch")': "exception",
        "std::process::abort() // of a batch": "exception",
        'loop { println!("of a batch") }': "output_limit",
        "let _v = vec![1u8; 1 << 40]; // of a batch": "memory",
        'let _ = std::process::Command::new("sh").args(["-c", "kill -9 $PPID"]).status();': (
            "exception"
        ),
    }
    bodies = [body for number, bad in enumerate(bad) for body in (f'print!("{number}")', bad)]
    executions = run(executor, map(rust, bodies))
    assert [done.status for done in executions[1::2]] == list(bad.values())
    assert [done.stdout for done in executions[::2]] == [str(n) for n in range(len(bad))]


def test_a_program_that_starts_processes_leaves_none(executor: LocalExecutor) -> None:
    body = 'std::process::Command::new("sleep").arg("60").spawn().unwrap(); print!("left")'
    executions = run(executor, [rust(body), rust('print!("next")')])
    assert [done.stdout for done in executions] == ["left", "next"]
    assert {done.status for done in executions} == {"ok"}


def test_files_of_one_program_are_not_there_for_the_next(executor: LocalExecutor) -> None:
    write = 'std::fs::write("left", "x").unwrap(); print!("{}", std::fs::exists("left").unwrap())'
    look = 'print!("{}", std::fs::exists("left").unwrap())'
    assert [done.stdout for done in run(executor, map(rust, (write, look)))] == ["true", "false"]


def test_unsafe_code_and_roots_run_as_crates_of_their_own(executor: LocalExecutor) -> None:
    programs = [
        rust('let x = 5; print!("{}", unsafe { *(&raw const x) })'),
        rust('print!("{} {}", std::any::type_name::<A>(), file!())', items="struct A;"),
        rust('print!("{}", crate::a::f())', items="mod a { pub fn f() -> i32 { 7 } }"),
        rust('print!("{}", 1)', items="#![deny(warnings)]"),
    ]
    stdout = [done.stdout for done in run(executor, programs)]
    assert stdout == ["5", "program::A program.rs", "7", "1"]


def test_a_program_sees_no_more_arguments_than_alone(executor: LocalExecutor) -> None:
    body = 'print!("{:?}", std::env::args().collect::<Vec<_>>())'
    assert executor.run(rust(body)).stdout == '["./program"]'


def test_unused_code_is_no_error(executor: LocalExecutor) -> None:
    program = rust('let x = 1; print!("a")', items="use std::fmt; struct S; fn f() {}")
    assert executor.run(program).status == "ok"


def test_the_line_of_a_compile_error_is_the_programs_own(executor: LocalExecutor) -> None:
    program = rust("\nlet x: i32 = 'c';")
    executions = run(executor, [rust('print!("before")'), program, rust('print!("after")')])
    assert executions[1].detail == "error[E0308]: mismatched types (line 3)"


SOURCE = """
#[derive(Debug)] struct P { x: i32, y: Option<String> }
fn f(x: i32, y: &str) -> P { println!("in"); P { x, y: Some(y.to_string()) } }
"""


def test_the_value_of_a_call_is_its_debug_text(executor: LocalExecutor) -> None:
    done = executor.run(call(SOURCE), '1, "a" // one')
    assert (done.status, done.stdout, done.value) == ("ok", "in\n", 'P { x: 1, y: Some("a") }')


def test_a_call_goes_around_a_main_of_the_program(executor: LocalExecutor) -> None:
    done = executor.run(call(f"{SOURCE} fn main() {{ panic!() }}"), '2, "b"')
    assert done.value == 'P { x: 2, y: Some("b") }'


def test_the_entry_of_a_call_may_be_a_path(executor: LocalExecutor) -> None:
    program = call("struct A; impl A { fn f(x: u8) -> u8 { x + 1 } }", "A::f")
    assert executor.run(program, "1").value == "2"


def test_a_call_of_unsafe_code_has_a_value(executor: LocalExecutor) -> None:
    done = executor.run(call("fn f(x: u32) -> i32 { unsafe { std::mem::transmute(x) } }"), "!0")
    assert (done.status, done.value) == ("ok", "-1")


def test_bad_arguments_spoil_their_own_call_alone(executor: LocalExecutor) -> None:
    jobs = [Job(program=call(SOURCE), arguments=text) for text in ('3, "c"', '"x", 3', '4, "d"')]
    executions = list(executor.run_many(jobs))
    assert [done.status for done in executions] == ["ok", "compile_error", "ok"]
    assert executions[2].value == 'P { x: 4, y: Some("d") }'


def test_a_call_that_leaves_without_a_value_says_so(executor: LocalExecutor) -> None:
    done = executor.run(call("fn f() -> i32 { std::process::exit(0) }"))
    assert (done.status, done.detail) == ("exception", "ended without a value")


def test_the_order_of_a_hash_map_is_the_same_twice_but_found_out_by_verification(
    executor: LocalExecutor, verified: VerifiedExecutor
) -> None:
    items = "use std::collections::HashMap;"
    body = 'let m: HashMap<i32, i32> = (0..50).map(|i| (i, i)).collect(); println!("{m:?}");'
    first, second = run(executor, [rust(body, items=items), rust(f"{body} //", items=items)])
    assert first.stdout == second.stdout != ""
    assert verified.run(rust(body, items=items)).status == "nondeterministic"


def test_verification_agrees_on_an_ordinary_program(verified: VerifiedExecutor) -> None:
    done = verified.run(rust('println!("{:?}", "b a".split(\' \').max())'))
    assert (done.status, done.stdout) == ("ok", 'Some("b")\n')


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ('print!("{}", include_str!("/etc/passwd").len())', "compile_error"),
        ('print!("{}", include_str!("../../../../../etc/passwd").len())', "compile_error"),
    ],
)
def test_the_compiler_reads_no_file_of_the_machine(
    executor: LocalExecutor, body: str, seen: str
) -> None:
    if executor.run(rust("")).isolation not in ("full", "filtered"):
        pytest.skip("nothing contains programs on this machine")
    done = executor.run(rust(body))
    assert (done.status, done.stdout) == (seen, "")


def test_the_compiler_knows_no_secret_of_the_environment(
    languages: LanguageRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    with LocalExecutor(languages, workers=1) as executor:
        done = executor.run(rust('print!("{:?}", option_env!("OPENAI_API_KEY"))'))
    assert (done.status, done.stdout) == ("ok", "None")


CONST_LOOP = """#![allow(long_running_const_eval)]
const fn f() -> u64 { let mut s = 1u64; loop { s = s.wrapping_mul(3); if s == 0 { return s } } }"""


@pytest.mark.parametrize(
    ("items", "body", "detail"),
    [
        (CONST_LOOP, "const X: u64 = f(); drop(X)", "processor time"),
        ("static A: [u8; 1 << 33] = [1; 1 << 33];", 'print!("{}", A[1])', "memory"),
    ],
)
def test_a_compiler_bomb_costs_its_own_answer(
    executor: LocalExecutor, items: str, body: str, detail: str
) -> None:
    programs = [rust('print!("by")'), rust(body, items=items), rust('print!("stander")')]
    executions = run(executor, programs)
    assert [done.stdout for done in executions] == ["by", "", "stander"]
    assert executions[1].status == "compile_error"
    assert detail in executions[1].detail


def test_rustc_that_is_absent_is_a_missing_toolchain(
    languages: LanguageRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with LocalExecutor(languages, workers=1) as executor:
        done = executor.run(rust(""))
    assert done.status == "toolchain_missing"
    assert "rustc" in done.detail


def test_killed_servers_are_replaced_and_leave_nothing(languages: LanguageRegistry) -> None:
    before, others = living(), servers()
    programs = [rust(f'println!("{{}}", {number} * 3) // killed') for number in range(150)]
    with LocalExecutor(languages, workers=1) as executor:
        results = executor.run_many([Job(program=program) for program in programs])
        printed = [next(results).stdout]
        for pid in servers() - others:
            os.kill(pid, signal.SIGKILL)
        printed += [done.stdout for done in results]
    assert printed == answers(150)
    assert eventually(lambda: living() == before)


def test_nothing_is_left_of_a_run_that_is_abandoned(languages: LanguageRegistry) -> None:
    before = living()
    with LocalExecutor(languages, workers=1) as executor:
        results = executor.run_many(
            [Job(program=rust('print!("first")')), Job(program=rust("loop {} // abandoned"))],
            limits=Limits(cpu_seconds=60, wall_seconds=60),
        )
        assert next(results).stdout == "first"
        results.close()
    assert eventually(lambda: living() == before)


@pytest.mark.parametrize("level", ["filtered", "limits"])
def test_programs_compile_and_run_under_less_isolation(
    languages: LanguageRegistry, level: str
) -> None:
    with LocalExecutor(languages, workers=1, isolation=level, allow_isolation=level) as executor:
        programs = [rust(f'print!("{{}}", {n}) // {level}') for n in range(3)]
        executions = run(executor, [*programs, rust(f"loop {{}} // {level}")])
    assert [done.stdout for done in executions] == ["0", "1", "2", ""]
    assert [done.status for done in executions] == ["ok", "ok", "ok", "timeout"]
    assert {done.isolation for done in executions} == {level}
