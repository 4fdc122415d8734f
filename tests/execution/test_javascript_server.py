"""The warm node process that programs in JavaScript share in turn: none disturbs another."""

from __future__ import annotations

import contextlib
import dataclasses
from pathlib import Path

import pytest
from execution_programs import eventually
from javascript_programs import (
    DISTURBERS,
    GENEROUS,
    LIMITS,
    SENTINEL,
    javascript,
    needs_node,
)

from codeoutpred.execution import LocalExecutor
from codeoutpred.records import Job, Limits

pytestmark = needs_node

HEAP_BOMB = "const kept = []; for (;;) kept.push(new Array(1000).fill({ a: 1 }));"
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
    limits = dataclasses.replace(LIMITS, wall_seconds=2) if name == "a sleep" else LIMITS
    before, hung, after = executor.run_many(jobs, limits=limits)
    assert (before.stdout, hung.status, after.stdout) == ("1\n", status, "2\n")


def test_a_full_heap_is_a_status_and_takes_no_other_down(executor: LocalExecutor) -> None:
    limits = dataclasses.replace(GENEROUS, memory_bytes=64 * 1024**2)
    jobs = [Job(program=javascript(text)) for text in ("", HEAP_BOMB, "console.log(2)")]
    _, bomb, after = executor.run_many(jobs, limits=limits)
    assert (bomb.status, after.stdout) == ("memory", "2\n")


def test_no_program_finds_what_another_left(executor: LocalExecutor) -> None:
    alone = executor.run(javascript(SENTINEL), limits=GENEROUS)
    assert (alone.status, alone.stdout.count("\n")) == ("ok", 5)
    jobs = [Job(program=javascript(source)) for mess in DISTURBERS for source in (mess, SENTINEL)]
    done = list(executor.run_many(jobs, limits=GENEROUS))
    assert [execution.stdout for execution in done[1::2]] == [alone.stdout] * len(DISTURBERS)


REJECTED = "Promise.reject(new Error('unhandled'));"


@pytest.mark.parametrize("end", ["throw 1", "process.exit()", "console.log('x'.repeat(70_000))"])
def test_nobody_answers_for_the_rejections_of_a_program_that_is_over(
    executor: LocalExecutor, end: str
) -> None:
    jobs = [Job(program=javascript(source)) for source in (REJECTED + end, "console.log(1)")]
    _, after = executor.run_many(jobs, limits=GENEROUS)
    assert (after.status, after.stdout) == ("ok", "1\n")


def test_a_warm_process_is_replaced_without_a_trace(executor: LocalExecutor) -> None:
    count = 1020  # one process runs 500
    jobs = [Job(program=javascript(f"console.log({number})")) for number in range(count)]
    printed = [execution.stdout for execution in executor.run_many(jobs, limits=GENEROUS)]
    assert printed == [f"{number}\n" for number in range(count)]


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


ESCAPES = {
    "a function among options": """
let asked = 0;
const options = { get stylize() { return asked++ > 0 ? take : undefined } };
function take(text) { hosts.push(this); return text }
console.dir({ a: 1 }, options);
""",
    "a stack formatted by the process": """
Error.prepareStackTrace = (error, sites) => { hosts.push(sites, ...sites); return 'x' };
console.log(new Error('e'));
""",
    "an error in the middle of its work": """
function deep() { try { deep() } catch (error) { hosts.push(error) } console.log({ a: [1] }) }
try { deep() } catch (error) { hosts.push(error) }
""",
    "a promise of a module": "hosts.push(import('fs').catch(() => {}));",
    "a program's own inspection": """
const symbol = Symbol.for('nodejs.util.inspect.custom');
console.log({ [symbol](...given) { hosts.push(...given); return 'x' } });
""",
}
"""Ways to something of the warm process's own realm, past or present."""
BREAKS_OUT = """
const hosts = [];
{way}
for (const host of hosts) {{
  let Maker;
  try {{ Maker = host.constructor.constructor }} catch {{ continue }}
  if (Maker === Function) continue;
  try {{ Maker('return process')().stdout.constructor; console.log('out by eval') }} catch {{ }}
  try {{ Maker.prototype.call = Maker.prototype.apply = () => 'forged' }} catch {{ }}
  const Host = Object.getPrototypeOf(Maker.prototype).constructor;
  try {{ Host.prototype.status = 'forged' }} catch {{ }}
  if (Host.prototype.status) console.log('left');
}}
"""


@pytest.mark.parametrize("name", ESCAPES)
def test_who_gets_hold_of_the_warm_process_s_realm_can_do_nothing_with_it(
    executor: LocalExecutor, name: str
) -> None:
    alone = executor.run(javascript(SENTINEL), limits=GENEROUS)
    source = BREAKS_OUT.format(way=ESCAPES[name])
    jobs = [Job(program=javascript(text)) for text in (source, SENTINEL)]
    tried, after = executor.run_many(jobs, limits=GENEROUS)
    assert "out by eval" not in tried.stdout and "left" not in tried.stdout, tried
    assert after.stdout == alone.stdout
