"""JavaScript: what node itself would print, from a warm process that programs share in turn."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from execution_programs import eventually, script

from codeoutpred.execution import LocalExecutor, VerifiedExecutor
from codeoutpred.records import Execution, Job, Limits, Program

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="needs node")

SOURCES = sorted((Path(__file__).parent / "javascript").glob("*.js"))
LIMITS = Limits(cpu_seconds=0.5, wall_seconds=2.0)
GENEROUS = Limits(cpu_seconds=20.0, wall_seconds=60.0)
HEAP_BOMB = "const kept = []; for (;;) kept.push(new Array(1000).fill({ a: 1 }));"


def javascript(source: str) -> Program:
    return script(source, "javascript")


def call(source: str, entry: str = "f") -> Program:
    return dataclasses.replace(javascript(source), kind="call", entry=entry)


def by_node(source: str, folder: Path) -> str:
    """What `node program.js` prints, with the folder of the file as our warm process has it."""
    file = folder / "program.js"
    file.write_text(source)
    environment = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [str(NODE), str(file)], capture_output=True, env=environment, cwd=folder, check=True
    )
    return done.stdout.decode().replace(str(folder), "/work")


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.stem)
def test_output_is_nodes_own_to_the_byte(
    executor: LocalExecutor, file: Path, tmp_path: Path
) -> None:
    source = file.read_text()
    execution = executor.run(javascript(source), limits=GENEROUS)
    assert (execution.status, execution.detail) == ("ok", "")
    assert execution.stdout == by_node(source, tmp_path)


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


HANGS = {
    "a busy loop": ("for (;;);", "timeout"),
    "a loop of catches": ("for (;;) { try { require('fs') } catch { } }", "timeout"),
    "a sleep": (
        "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
        "timeout",
    ),
    "a loop of microtasks": ("(function again() { Promise.resolve().then(again) })()", "timeout"),
    "a loop of ticks": ("(function again() { process.nextTick(again) })()", "timeout"),
    "a loop of timers": ("setInterval(() => {}, 1000)", "timeout"),
    "a slow expression": ("/(a+)+b/.test('a'.repeat(40))", "timeout"),
    "a busy process of its own": ("require('fs'); for (;;);", "timeout"),
    "a huge buffer": ("new ArrayBuffer(2 ** 32)", "memory"),
}


@pytest.mark.parametrize("name", HANGS)
def test_a_program_that_hangs_takes_no_other_down(executor: LocalExecutor, name: str) -> None:
    source, status = HANGS[name]
    jobs = [Job(program=javascript(text)) for text in ("console.log(1)", source, "console.log(2)")]
    before, hung, after = executor.run_many(jobs, limits=LIMITS)
    assert (before.stdout, hung.status, after.stdout) == ("1\n", status, "2\n")


def test_a_full_heap_is_a_status_and_takes_no_other_down(executor: LocalExecutor) -> None:
    limits = dataclasses.replace(GENEROUS, memory_bytes=64 * 1024**2)
    jobs = [Job(program=javascript(text)) for text in ("", HEAP_BOMB, "console.log(2)")]
    _, bomb, after = executor.run_many(jobs, limits=limits)
    assert (bomb.status, after.stdout) == ("memory", "2\n")


DISTURBERS = [
    "globalThis.left = 1; x = 2; Object.prototype.polluted = 3;",
    "Array.prototype.push = () => { throw 1 }; Object.keys = null; Map = Set;",
    "console.log = () => {}; Math.random = () => 7; JSON = null; Date.now = () => 0;",
    "process.exitCode = 3; process.argv.push('x'); delete process.env.PATH;",
    "setInterval(() => console.log('still here'), 1).unref(); process.on('exit', () => {});",
    "console.group(); console.count(); module.exports.a = 1; require.cache.b = 2;",
    "Error.prepareStackTrace = () => 'mine'; Error.stackTraceLimit = 0; Symbol.for = null;",
    "const util = require('util'); util.inspect.defaultOptions.depth = 0; Buffer.from = null;",
    "console.log.constructor('return this')().globalThis.left = 1;",
]
SENTINEL = """
const seen = [typeof left, typeof x, {}.polluted, Object.keys({ a: 1 }), new Map([[1, 2]]).size];
console.log(seen, Math.random() < 1, JSON.stringify([Date.now() > 1e12]), process.exitCode);
console.log(process.argv.length, typeof process.env.PATH, { a: { b: { c: { d: 1 } } } });
console.count(); console.log(module.exports, require.cache);
console.log(new Error('e').stack.split('\\n').length);
"""


def test_no_program_finds_what_another_left(executor: LocalExecutor) -> None:
    alone = executor.run(javascript(SENTINEL), limits=GENEROUS)
    assert (alone.status, alone.stdout.count("\n")) == ("ok", 5)
    jobs = [Job(program=javascript(source)) for mess in DISTURBERS for source in (mess, SENTINEL)]
    done = list(executor.run_many(jobs, limits=GENEROUS))
    assert [execution.stdout for execution in done[1::2]] == [alone.stdout] * len(DISTURBERS)


def test_a_warm_process_is_replaced_without_a_trace(executor: LocalExecutor) -> None:
    count = 1020  # one process runs 500
    jobs = [Job(program=javascript(f"console.log({number})")) for number in range(count)]
    printed = [execution.stdout for execution in executor.run_many(jobs, limits=GENEROUS)]
    assert printed == [f"{number}\n" for number in range(count)]


CHANGING = [
    "Math.random()",
    "Date.now()",
    "new Date().getDay()",
    "(() => { const start = Date.now(); return Date.now() - start })()",
    "performance.now()",
    "process.hrtime.bigint()",
    "process.pid",
    "require('crypto').randomUUID()",
    "require('os') && Math.random()",
    "[3, 1, 2].sort(() => Math.random() - 0.5).concat(Math.random())",
]


@pytest.mark.parametrize("expression", CHANGING)
def test_chance_and_the_clock_are_found_out(verified: VerifiedExecutor, expression: str) -> None:
    done = verified.run(javascript(f"console.log({expression})"), limits=GENEROUS)
    assert (done.status, "stdout differed" in done.detail) == ("nondeterministic", True)


@pytest.mark.parametrize(
    "expression",
    [
        "new Date(0)",
        "Math.floor(Math.random())",
        "(() => { const end = Date.now() + 500; while (Date.now() < end); return 'waited' })()",
        "[...new Set([3, 1, 2])], Object.keys({ b: 1, a: 2, 1: 3 })",
        "new Date(2024, 1, 29, 12).toString(), (1e6).toLocaleString()",
    ],
)
def test_what_does_not_hang_on_them_is_left_alone(
    verified: VerifiedExecutor, expression: str
) -> None:
    done = verified.run(javascript(f"console.log({expression})"), limits=GENEROUS)
    assert (done.status, done.detail) == ("ok", "")


def run_twice(executor: LocalExecutor, source: str) -> list[Execution]:
    return [executor.run(javascript(source), limits=GENEROUS) for _ in range(2)]


def test_chance_is_the_same_for_every_program(executor: LocalExecutor) -> None:
    one, other = run_twice(executor, "console.log(Math.random(), Math.random(), new Date())")
    assert (one.status, one.stdout) == ("ok", other.stdout)
    assert len(set(one.stdout.split())) == 3


def test_a_long_sleep_takes_no_time(executor: LocalExecutor) -> None:
    source = "setTimeout(() => console.log('a'), 3_600_000); setTimeout(() => console.log('b'), 9)"
    assert executor.run(javascript(source), limits=LIMITS).stdout == "b\na\n"


def test_a_loop_over_the_language_s_own_names_is_not_slow(executor: LocalExecutor) -> None:
    # Looked up in the context they would take a hundred times as long, and run into the limit.
    source = "let s = 0; for (let i = 0; i < 3e6; i++) s += Math.floor(i / 3) % 7; console.log(s)"
    assert executor.run(javascript(source), limits=Limits(cpu_seconds=1.5)).status == "ok"


@pytest.mark.parametrize("source", ["\ud800", "\0", "\ufeffconsole.log(1)", "// " + "x" * 10**7])
def test_odd_sources_are_a_status(executor: LocalExecutor, source: str) -> None:
    done = executor.run(javascript(source), limits=GENEROUS)
    assert done.status in ("ok", "compile_error")
    assert executor.run(javascript("console.log(1)")).stdout == "1\n"


def test_standard_input_is_passed_on(executor: LocalExecutor) -> None:
    source = "console.log(require('fs').readFileSync(0, 'utf8').toUpperCase())"
    [done] = executor.run_many([Job(program=javascript(source), stdin="a\nb")], limits=GENEROUS)
    assert (done.status, done.stdout) == ("ok", "A\nB\n")


def sleepers() -> list[Path]:
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if file.read_bytes() == b"sleep\x0060.125\0":
                found.append(file)
    return found


def test_no_process_of_a_program_is_left(executor: LocalExecutor) -> None:
    source = """
const { spawn } = require('child_process');
spawn('sleep', ['60.125'], { detached: true, stdio: 'ignore' }).on('spawn', () => {
  console.log('spawned');
  process.exit();
});
"""
    assert executor.run(javascript(source), limits=GENEROUS).stdout == "spawned\n"
    assert eventually(lambda: not sleepers())


ROOTS = """
const roots = [console.log, console.table, process, process.stdout, require, module, globalThis];
roots.push(structuredClone({}), performance, setTimeout(() => {}));
roots.push(Object.getPrototypeOf(globalThis));
Error.prepareStackTrace = (error, sites) => sites;
roots.push(new Error('e').stack, process.env, process.argv, process.hrtime, (() => {}).constructor);
for (const { get, set } of Object.values(Object.getOwnPropertyDescriptors(globalThis)))
  roots.push(...[get, set].filter(Boolean));
console.log({ get x() { throw 1 } });
try { [].reduce() } catch (error) { roots.push(error) }
try { new Intl.NumberFormat('no such place') } catch (error) { roots.push(error) }
console.log(roots.filter((root) => root.constructor.constructor !== Function));
"""


def test_nothing_in_sight_belongs_to_the_warm_process_itself(executor: LocalExecutor) -> None:
    done = executor.run(javascript(ROOTS), limits=GENEROUS)
    assert (done.status, done.stdout) == ("ok", "{ x: [Getter] }\n[]\n")
