"""JavaScript: what node itself would print, and how its programs end."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from javascript_programs import (
    FOLDER,
    GENEROUS,
    INSIDE,
    LIMITS,
    by_node,
    call,
    javascript,
    needs_node,
)

from codeoutpred.execution import LocalExecutor

pytestmark = needs_node

SOURCES = sorted(FOLDER.glob("*.js"))
ODD = (FOLDER / "odd_programs.txt").read_text().split("\n//---\n")


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.stem)
def test_output_is_nodes_own_to_the_byte(
    executor: LocalExecutor, file: Path, tmp_path: Path
) -> None:
    source = file.read_text()
    execution = executor.run(javascript(source), limits=GENEROUS)
    assert (execution.status, execution.detail) == ("ok", "")
    for _ in range(5):  # on a busy machine, timers that are near each other change places
        if execution.stdout == (printed := by_node(source, tmp_path)):
            break
    assert execution.stdout == printed


@pytest.mark.parametrize("name", ["values", "lists", "collections", "console"])
def test_a_process_of_its_own_prints_the_same_as_the_warm_one(
    executor: LocalExecutor, name: str
) -> None:
    source = next(file for file in SOURCES if file.stem == name).read_text()
    warm = executor.run(javascript(source), limits=GENEROUS)
    cold = executor.run(javascript(f"{source}\nrequire('os');"), limits=GENEROUS)
    assert (cold.status, cold.stdout) == ("ok", warm.stdout)


ENDINGS = {
    "an uncaught error": (
        "class Mine extends Error {}\nconsole.log('a'); throw new Mine('why');",
        ("exception", "a\n", "Mine", "why"),
    ),
    "a thrown text": ("throw 'text'", ("exception", "", "string", "text")),
    "a thrown null": ("throw null", ("exception", "", "null", "null")),
    "an error in a timer": (
        "setTimeout(() => { null.x }, 5); setTimeout(() => console.log('never'), 9)",
        ("exception", "", "TypeError", "Cannot read properties of null (reading 'x')"),
    ),
    "an error in a microtask": (
        "queueMicrotask(() => { throw new RangeError('m') })",
        ("exception", "", "RangeError", "m"),
    ),
    "a rejection nobody handles": (
        "Promise.reject(new SyntaxError('r')); setTimeout(() => console.log('never'), 1)",
        ("exception", "", "SyntaxError", "r"),
    ),
    "a rejection with no error": (
        "Promise.reject(5)",
        (
            "exception",
            "",
            "UnhandledPromiseRejection",
            "the promise rejected with the reason 5",
        ),
    ),
    "an error whose class lies": (
        "throw { get constructor() { throw 1 } }",
        ("exception", "", "Error", ""),
    ),
    "a way out": ("console.log(1); process.exit(3)", ("exception", "1\n", "exit status 3", "")),
    "a way out that nothing catches": (
        "try { process.exit(0) } finally { console.log('never') }",
        ("ok", "", "", ""),
    ),
    "an exit code": ("process.exitCode = 4", ("exception", "", "exit status 4", "")),
    "no program at all": ("", ("ok", "", "", "")),
    "an early return": ("console.log(1); return; console.log(2)", ("ok", "1\n", "", "")),
    "a hashbang": ("#!/usr/bin/env node\nconsole.log(1)", ("ok", "1\n", "", "")),
    "a promise that never settles": ("await_ = new Promise(() => {})", ("ok", "", "", "")),
    "endless output": (
        "for (;;) { try { console.log('x'.repeat(100)) } finally { } }",
        ("output_limit", None, "", "more than 65536 bytes of standard output"),
    ),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_each_way_to_end_has_its_status(executor: LocalExecutor, name: str) -> None:
    source, (status, stdout, error, detail) = ENDINGS[name]
    done = executor.run(javascript(source), limits=LIMITS)
    assert (done.status, done.error, done.detail) == (status, error, detail)
    assert stdout is None or done.stdout == stdout


@pytest.mark.parametrize("name", ["an uncaught error", "a way out", "an exit code"])
def test_a_process_of_its_own_ends_the_same(executor: LocalExecutor, name: str) -> None:
    source, (status, stdout, error, detail) = ENDINGS[name]
    done = executor.run(javascript(f"require('os');{source}"), limits=GENEROUS)
    assert (done.status, done.stdout, done.error, done.detail) == (status, stdout, error, detail)


@pytest.mark.parametrize(
    ("source", "detail"),
    [
        ("console.log(1)\nlet a = ;", "SyntaxError: Unexpected token ';' (line 2)"),
        ("}) (function () {", "Unexpected token"),
        ("import fs from 'fs'", "import statement outside a module"),
        ("let a; let a;", "already been declared"),
    ],
)
def test_what_does_not_parse_is_a_compile_error(
    executor: LocalExecutor, source: str, detail: str
) -> None:
    done = executor.run(javascript(source))
    assert (done.status, done.stdout, detail in done.detail) == ("compile_error", "", True)


VALUES = [
    ("x => x", "[1, 'two', { three: [3n, -0] }]", "[ 1, 'two', { three: [ 3n, -0 ] } ]"),
    ("x => x", "undefined", "undefined"),
    ("x => x", "'it\\'s'", '"it\'s"'),
    ("x => x", "{a: {b: {c: {d: [[[[1]]]]}}}}", "{ a: { b: { c: { d: [ [ [ [ 1 ] ] ] ] } } } }"),
    ("(...all) => all", "1, 2 // and no more", "[ 1, 2 ]"),
    ("n => Array(n).fill(n)", "8", "[ 8, 8, 8, 8, 8, 8, 8, 8 ]"),
    ("n => new Map([[n, new Set([n])]])", "1", "Map(1) { 1 => Set(1) { 1 } }"),
    ("async n => { await null; return n * 2 }", "21", "42"),
    ("n => new Promise(done => setTimeout(done, 9, n))", "'later'", "'later'"),
    ("n => 'a\\n'.repeat(n)", "20", "'" + "a\\n" * 20 + "'"),
    ("n => Buffer.from([n])", "7", "<Buffer 07>"),
    ("async n => require('path').join('a', n)", "'b'", "'a/b'"),
    ("async n => (await import('path')).join('a', n)", "'b'", "'a/b'"),
]


@pytest.mark.parametrize(("function", "arguments", "value"), VALUES)
def test_a_call_gives_its_whole_value_on_one_line(
    executor: LocalExecutor, function: str, arguments: str, value: str
) -> None:
    done = executor.run(call(f"const f = {function} // f"), arguments, limits=GENEROUS)
    assert (done.status, done.value, done.detail) == ("ok", value, "")


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ("function f() { throw new TypeError('t') }", ("exception", "TypeError")),
        ("async function f() { throw new TypeError('t') }", ("exception", "TypeError")),
        ("function g() {}", ("exception", "ReferenceError")),
        ("function f() { process.exit(0) }", ("exception", "exit status 0")),
        ("const f = () => new Promise(() => {})", ("exception", "exit status 0")),
        ("const f = () => 'x'.repeat(100_000)", ("output_limit", "")),
        ("const f = () => require('os') && 'x'.repeat(100_000)", ("output_limit", "")),
    ],
)
def test_a_call_without_a_value_says_why(
    executor: LocalExecutor, source: str, outcome: tuple[str, str]
) -> None:
    done = executor.run(call(source), limits=GENEROUS)
    assert (done.status, done.error, done.value) == (*outcome, "")


def test_a_method_and_a_name_with_a_dollar_may_be_called(executor: LocalExecutor) -> None:
    source = "const $box = { half$(n) { return n / 2 } }"
    assert executor.run(call(source, "$box.half$"), "3").value == "1.5"


@pytest.mark.parametrize("source", ODD, ids=range(len(ODD)))
def test_odd_programs_print_what_they_print_in_node(
    executor: LocalExecutor, source: str, tmp_path: Path
) -> None:
    execution = executor.run(javascript(source), limits=GENEROUS)
    assert (execution.status, execution.detail) == ("ok", "")
    assert execution.stdout == by_node(source, tmp_path)


STACKS = [
    "setTimeout(() => console.log(new Error('timer')), 1)",
    "setImmediate(() => console.log(new Error('immediate').stack))",
    "process.nextTick(() => console.log(new Error('tick')))",
    "Promise.resolve().then(() => console.log(new Error('microtask')))",
    "const f = async () => { await 1; throw new Error('f') };"
    "(async () => { await f() })().catch((error) => console.log(error))",
    "function f() { return [1].map(() => new Error('main')) } console.log(f())",
]


@pytest.mark.parametrize("source", STACKS)
def test_a_stack_is_nodes_own_wherever_the_error_was_made(
    executor: LocalExecutor, source: str, tmp_path: Path
) -> None:
    execution = executor.run(javascript(source), limits=GENEROUS)
    printed = re.sub(r"/[\w/-]*(?=/program)", INSIDE, execution.stdout)
    assert printed == by_node(source, tmp_path)
