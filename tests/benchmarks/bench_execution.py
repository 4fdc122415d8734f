"""How fast programs run, beside what one would do by hand and beside the limit of the machine.

Usage: bench_execution.py [SCALE [PART ...]], by default 1, all parts; 0.1 does a tenth of the work.
Parts: python, shared, cruxeval, javascript, rust, memory.

Seconds are those of processor time, of all processes that have a part in it: what else the machine
does then meets neither side of a ratio much.
"""

from __future__ import annotations

import dataclasses
import json
import multiprocessing
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from codeoutpred import Job, Program, load_plugins
from codeoutpred.execution import LocalExecutor
from codeoutpred.execution.sharing import MOST

LANGUAGES = load_plugins(use_entry_points=False).languages
CRUXEVAL = Path(__file__).parents[2] / "../shared/data/cruxeval/cruxeval.jsonl"
FORK_LIMIT = Path(__file__).with_name("fork_limit.c")


@contextmanager
def cores(count: int) -> Iterator[None]:
    """Only so many cores for what is started inside."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:count])
    yield
    os.sched_setaffinity(0, before)


ROUNDS = 3
"""Both sides of a comparison run in turn, so often: what else the machine does meets both."""


def a_second(count: int, work: Callable[[], object]) -> float:
    """How many of `count` things `work` does in a second of processor time."""
    before = spent()
    work()
    return count / (spent() - before)


def spent() -> float:
    """Processor seconds of this process, of its children and of theirs, the living and the dead."""
    ticks, processes = 0, [os.getpid()]
    while processes:
        place = Path(f"/proc/{processes.pop()}")
        with suppress(OSError):  # it has ended since
            ticks += sum(map(int, (place / "stat").read_text().rpartition(")")[2].split()[11:15]))
            for task in (place / "task").iterdir():
                processes += map(int, (task / "children").read_text().split())
    return ticks / os.sysconf("SC_CLK_TCK")


def ours(jobs: list[Job], workers: int, mode: str = "solo") -> float:
    """Jobs a second, once the servers are up; every one of them must succeed."""
    with cores(workers), LocalExecutor(LANGUAGES, workers=workers, mode=mode) as executor:
        list(executor.run_many(jobs[: 4 * workers]))

        def work() -> None:
            for execution in executor.run_many(jobs):
                assert execution.status == "ok", execution

        return a_second(len(jobs), work)


def scripts(language: str, sources: list[str]) -> list[Job]:
    """A job for each source."""
    return [
        Job(program=Program(id=str(number), language=language, source=source))
        for number, source in enumerate(sources)
    ]


def cold(count: int, *command: str) -> float:
    """Runs of a command a second, one after the other, on one core."""
    with cores(1):
        return a_second(
            count,
            lambda: [
                subprocess.run(command, stdout=subprocess.DEVNULL, check=True) for _ in range(count)
            ],
        )


def fork_limit(count: int) -> float:
    """Forks with copied pages a second, in C."""
    with tempfile.TemporaryDirectory() as folder, cores(1):
        binary = f"{folder}/fork_limit"
        subprocess.run(["cc", "-O2", "-o", binary, str(FORK_LIMIT)], check=True)
        return a_second(count, lambda: subprocess.check_output([binary, str(count)]))


def _run_by_hand(source: str, result: object) -> None:
    scope: dict[str, object] = {}
    exec(source, scope)
    result.append(repr(scope["answer"]))  # type: ignore[attr-defined]


def by_hand(sources: list[str], workers: int) -> float:
    """The usual harness: a process and a manager a sample, with a time limit, in two threads."""

    def one(source: str) -> None:
        with multiprocessing.Manager() as manager:
            result = manager.list()
            process = multiprocessing.Process(target=_run_by_hand, args=(source, result))
            process.start()
            process.join(timeout=5)
            process.kill()
            assert list(result)

    with ThreadPoolExecutor(workers) as threads:
        return a_second(len(sources), lambda: list(threads.map(one, sources)))


def rust_by_hand(sources: list[str]) -> float:
    """Compiled and run one by one, as rustc comes."""

    def work() -> None:
        with tempfile.TemporaryDirectory() as folder:
            for number, source in enumerate(sources):
                file, binary = f"{folder}/{number}.rs", f"{folder}/{number}"
                Path(file).write_text(source)
                subprocess.run(["rustc", "-Awarnings", "-o", binary, file], check=True)
                subprocess.run([binary], stdout=subprocess.DEVNULL, check=True)

    with cores(1):
        return a_second(len(sources), work)


def in_process(jobs: list[Job]) -> float:
    """Jobs a second by compiling and running each in this very process, with no containment."""

    def work() -> None:
        for job in jobs:
            scope: dict[str, object] = {}
            exec(compile(job.program.source, "program", "exec"), scope)
            repr(eval(compile(f"{job.program.entry}({job.arguments})", "call", "eval"), scope))

    with cores(1):
        return a_second(len(jobs), work)


def row(what: str, found: Callable[[], float], against: str, other: Callable[[], float]) -> None:
    """A line of the table: medians of both sides, and of their ratio."""
    pairs = [(found(), other()) for _ in range(ROUNDS)]
    ours_median, other_median, ratio = (
        statistics.median(numbers)
        for numbers in (*zip(*pairs, strict=True), [one / two for one, two in pairs])
    )
    print(
        f"{what:44}{ours_median:10.0f}   {against:36}{other_median:10.1f}{ratio:8.2f}", flush=True
    )


INPUTS = """\
def f(items, k):
    total = 0
    for position, item in enumerate(items):
        if item % k == 0:
            total += item * position
    return [total, len(items), str(total)[::-1]]
"""
JAVASCRIPT = """\
function f(items, k) {
  let total = 0;
  items.forEach((item, position) => { if (item % k === 0) total += item * position });
  return [total, items.length, [...`${total}`].reverse().join('')];
}
"""


RUST = 'fn main() { let n: i64 = %d; println!("{}", n * 7 + %d); }'
LONGER_RUST = """\
use std::collections::HashMap;

struct Shelf {
    counts: HashMap<String, i64>,
}

impl Shelf {
    fn add(&mut self, name: &str, count: i64) {
        *self.counts.entry(name.to_string()).or_insert(0) += count;
    }
}

fn main() {
    let mut shelf = Shelf { counts: HashMap::new() };
    for (index, name) in ["a", "b", "a", "c"].iter().enumerate() {
        shelf.add(name, index as i64 * %d);
    }
    let mut rows: Vec<_> = shelf.counts.iter().collect();
    rows.sort();
    println!("{:?} {}", rows, %d_i64);
}
"""


def python(scale: float) -> None:
    """Programs alone in their child, beside the limit of the machine and a cold interpreter."""
    tiny = scripts("python", [f"print({number} * 7)" for number in range(int(1000 * scale))])
    row(
        "Python, a core",
        lambda: ours(tiny, 1),
        "fork and copy on write, C",
        lambda: fork_limit(int(2000 * scale)),
    )
    command = (sys.executable, "-I", "-S", "-c", "0")
    row("", lambda: ours(tiny, 1), "cold python -I -S", lambda: cold(int(70 * scale), *command))


def shared(scale: float) -> None:
    """Calls that share a child: of one program, and of many that we wrote ourselves."""
    program = Program(id="i", language="python", kind="call", source=INPUTS, entry="f")
    arguments = [f"{list(range(number, number + 8))}, {number % 5 + 1}" for number in range(50)]
    inputs = [Job(program=program, arguments=text) for text in arguments] * int(300 * scale)
    row(
        "Python, 50 inputs a program, a core",
        lambda: ours(inputs, 1, "inputs"),
        "exec in process, uncontained",
        lambda: in_process(inputs),
    )
    different = [
        dataclasses.replace(program, source=f"{INPUTS}# {number}", generator="synthetic")
        for number in range(int(5000 * scale))
    ]
    grouped = [Job(program=one, arguments=arguments[0]) for one in different]
    row(
        f"Python, {MOST} of our programs a child, a core",
        lambda: ours(grouped, 1, "grouped"),
        "exec in process, uncontained",
        lambda: in_process(grouped),
    )


def cruxeval(scale: float) -> None:
    """The 800 items of CRUXEval, where they are at hand."""
    if not CRUXEVAL.exists():
        return
    items = [json.loads(line) for line in CRUXEVAL.read_text().splitlines()]
    jobs = [
        Job(
            program=Program(
                id=str(number), language="python", kind="call", source=item["code"], entry="f"
            ),
            arguments=item["input"],
        )
        for number, item in enumerate(items)
    ]
    sources = [f"{item['code']}\nanswer = f({item['input']})" for item in items]
    row(
        "CRUXEval, two cores",
        lambda: ours(jobs, 2),
        "a process and manager a sample",
        lambda: by_hand(sources[: int(400 * scale)], 2),
    )


def javascript(scale: float) -> None:
    """The warm process beside a cold one, and calls in company beside the same alone."""
    if not shutil.which("node"):
        return
    sources = [f"console.log({number} * 7)" for number in range(int(1000 * scale))]
    row(
        "JavaScript, a core",
        lambda: ours(scripts("javascript", sources), 1),
        "cold node",
        lambda: cold(int(20 * scale), "node", "-e", "0"),
    )
    for count in (5, 50):
        calls = [
            Job(program=program, arguments=f"[{number}, 8, 15], 3")
            for program in javascript_programs(int(1000 * scale / count))
            for number in range(count)
        ]
        row(
            f"JavaScript, {count} inputs a program, a core",
            lambda calls=calls: ours(calls, 1, "inputs"),
            "each alone",
            lambda calls=calls: ours(calls, 1),
        )
    own = [
        Job(program=dataclasses.replace(program, generator="synthetic"), arguments="[7, 8, 15], 3")
        for program in javascript_programs(int(1000 * scale))
    ]
    row(
        f"JavaScript, {MOST} of our programs a context",
        lambda: ours(own, 1, "grouped"),
        "each alone",
        lambda: ours(own, 1),
    )


def javascript_programs(count: int) -> list[Program]:
    """Programs with a function, each another text."""
    return [
        Program(
            id=str(number),
            language="javascript",
            kind="call",
            source=f"{JAVASCRIPT}// {number}",
            entry="f",
        )
        for number in range(count)
    ]


def rust(scale: float) -> None:
    """Programs compiled together, and each by itself."""
    if not shutil.which("rustc"):
        return
    for lines, source in (("one line", RUST), ("twenty lines", LONGER_RUST)):

        def made(source: str = source) -> list[str]:
            now = time.time_ns()  # so that nothing is in the cache
            return [source % (number, now) for number in range(200)]

        row(
            f"Rust, 200 programs of {lines}",
            lambda made=made: ours(scripts("rust", made()), 1),
            "rustc and run, one by one",
            lambda made=made: rust_by_hand(made()[: max(2, int(20 * scale))]),
        )


def memory(scale: float) -> None:
    """What the process that hands out the jobs grows by."""
    with LocalExecutor(LANGUAGES) as executor:

        def stream(count: int) -> Iterator[Job]:
            for number in range(count):
                yield Job(program=Program(id="m", language="python", source=f"print({number})"))

        for _ in executor.run_many(stream(1000)):  # fills what is filled once
            pass
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        many = int(100_000 * scale)
        for _ in executor.run_many(stream(many)):
            pass
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"peak memory of the parent: {(after - before) / 1024:+.1f} MB over {many} jobs")


PARTS = (python, shared, cruxeval, javascript, rust, memory)

if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    scale, *names = sys.argv[1:] or ["1"]
    for part in PARTS:
        if not names or part.__name__ in names:
            part(float(scale))
