"""Rust for real: outcomes, batches, errors on the program that has them, determinism."""

from __future__ import annotations

import pytest
from rust_programs import FOLDER, LIMITS, SHORT, call, needs_rust, run, rust

from codeoutpred.execution import LocalExecutor, VerifiedExecutor
from codeoutpred.records import Job, Program

pytestmark = needs_rust


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
    done = executor.run(rust(body), limits=SHORT if "sleep" in body else LIMITS)
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


CHANGING = {
    "the time": 'println!("{:?}", std::time::SystemTime::now());',
    "the day": "let now = std::time::SystemTime::now();"
    ' println!("{}", now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() / 86_400);',
    "time that passes": 'let t = std::time::Instant::now(); println!("{:?}", t);',
    "an address on the stack": 'let x = 5; println!("{:p}", &x);',
    "an address on the heap": 'println!("{:p}", Box::new(5));',
    "an address of code": 'println!("{:p}", main as fn());',
    "the process": 'println!("{}", std::process::id());',
    "the order of a set": "let s: std::collections::HashSet<u8> = (0..60).collect();"
    ' println!("{s:?}");',
}


@pytest.mark.parametrize("name", CHANGING)
def test_what_changes_from_run_to_run_is_told_with_what_differed(
    verified: VerifiedExecutor, name: str
) -> None:
    done = verified.run(rust(CHANGING[name]))
    assert (done.status, done.detail[:16]) == ("nondeterministic", "stdout differed:")


ODD = (FOLDER / "odd_programs.txt").read_text()[:-1].split("\n//---\n")
"""Each with what it does when rustc compiles it by itself: its exit status, and its output."""


def test_odd_programs_do_in_a_batch_what_they_do_alone(executor: LocalExecutor) -> None:
    sources, wanted = zip(*(text.split("\n//=== ") for text in ODD), strict=True)
    executions = run(executor, [Program(id="o", language="rust", source=text) for text in sources])
    ends = {"ok": "0", "panic": "101", "SIGABRT": "-6", "compile_error": "does not compile"}
    for source, outcome, done in zip(sources, wanted, executions, strict=True):
        named = done.error or done.status
        end = ends.get(named, named.removeprefix("exit status "))
        assert f"{end}\n{done.stdout}" == outcome, source
