"""Traces of Python programs: the same steps by `sys.settrace` and by `sys.monitoring`."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import Any

import pytest
from execution_programs import call, script
from traced_programs import steps_of, traced

from codeoutpred.errors import InvalidValueError
from codeoutpred.execution import LocalExecutor, VerifiedExecutor
from codeoutpred.execution.commands import SANDBOX
from codeoutpred.records import Execution, Job, Limits

PROGRAM = """\
def f(n, acc):
    for i in range(n):
        acc.append(i * n)
    return [x + 1 for x in acc]

class P:
    size = 3
    def __init__(self, x):
        self.x = x

def gen(k):
    while k:
        yield k
        k -= 1

total = 0
p = P(2)
for v in gen(2):
    total += v
a = f(2, [])
try:
    a[9]
except IndexError:
    total = {"b", "a"}
squares = {y: y * y for y in a}
low = sum(y for y in a)
"""
STEPS: list[tuple[int, dict[str, str]]] = [
    (1, {}),
    (6, {}),
    (7, {"size": "3"}),
    (8, {}),
    (11, {}),
    (16, {"total": "0"}),
    (17, {"p": "P(x=2)"}),
    (8, {"self": "P()", "x": "2"}),
    (9, {"self": "P(x=2)"}),
    (18, {"v": "2"}),
    (11, {"k": "2"}),
    (12, {}),
    (13, {}),
    (19, {"total": "2"}),
    (18, {"v": "1"}),
    (14, {"k": "1"}),
    (12, {}),
    (13, {}),
    (19, {"total": "3"}),
    (18, {}),
    (14, {"k": "0"}),
    (12, {}),
    (20, {"a": "[1, 3]"}),
    (1, {"n": "2", "acc": "[]"}),
    (2, {"i": "0"}),
    (3, {"acc": "[0]"}),
    (2, {"i": "1"}),
    (3, {"acc": "[0, 2]"}),
    (2, {}),
    (4, {}),
    (21, {}),
    (22, {}),
    (23, {}),
    (24, {"total": "{'a', 'b'}"}),
    (25, {"squares": "{1: 1, 3: 9}"}),
    (26, {"low": "4"}),
]
RUNNER = """
import json, sys
sys.path.insert(0, sys.argv[1])
import frames, tracing
tracer = tracing.Tracer("program.py", 1000)
code = compile(sys.stdin.read(), "program.py", "exec")
tracer.start()
exec(code, {"__name__": "__main__"})
print(tracer.stop()[len(frames.TRACE_MARK):].decode())
"""


def without_class_header(steps: list[Any]) -> list[Any]:
    """Versions differ in how often they come by the line of a `class`; once is enough here."""
    return [
        (line, changed)
        for index, (line, changed) in enumerate(steps)
        if not (index and line == steps[index - 1][0] == 6)
    ]


@pytest.mark.parametrize("version", ["here", "3.10", "3.11", "3.12", "3.13", "3.14"])
def test_every_version_gives_the_same_trace_by_its_own_mechanism(version: str) -> None:
    python = sys.executable if version == "here" else shutil.which(f"python{version}")
    if python is None or subprocess.run([python, "-V"], capture_output=True).returncode:
        pytest.skip(f"no python{version} here")
    folder = str(SANDBOX)
    done = subprocess.run(
        [python, "-S", "-c", RUNNER, folder],
        input=PROGRAM,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["steps"] == len(found["trace"])
    assert without_class_header([tuple(step) for step in found["trace"]]) == STEPS


def test_an_execution_has_its_trace(executor: LocalExecutor) -> None:
    done = traced(executor, script("a = 1\nb = a + 1\nprint(b)"))
    assert (done.status, done.stdout, done.steps) == ("ok", "2\n", 3)
    assert steps_of(done) == [(1, {"a": "1"}), (2, {"b": "2"}), (3, {})]


def test_nothing_is_traced_unasked(executor: LocalExecutor) -> None:
    done = executor.run(script("a = 1"))
    assert (done.trace, done.steps) == ((), 0)


def test_the_next_program_is_not_traced(executor: LocalExecutor) -> None:
    jobs = [Job(program=script("a = 1"), trace_steps=9), Job(program=script("a = 1"))]
    assert [done.steps for done in executor.run_many(jobs)] == [1, 0]


def test_a_call_is_traced_with_its_value(executor: LocalExecutor) -> None:
    job = Job(program=call("def f(x):\n    y = x * 2\n    return y"), arguments="4", trace_steps=9)
    [done] = executor.run_many([job])
    assert (done.status, done.value) == ("ok", "8")
    assert steps_of(done) == [(1, {}), (1, {"x": "4"}), (2, {"y": "8"}), (3, {})]


def test_steps_beyond_the_bound_are_counted_alone(executor: LocalExecutor) -> None:
    done = traced(executor, script("n = 0\nwhile n < 100:\n    n += 1"), steps=5)
    assert (len(done.trace), done.steps) == (5, 202)


def test_a_trace_of_large_values_is_bounded(executor: LocalExecutor) -> None:
    source = "a = []\nfor i in range(20_000):\n    a = [i, 'é' * 500] * 500\nprint(1)"
    done = traced(executor, script(source), steps=10**6, limits=Limits(cpu_seconds=20))
    assert (done.status, done.stdout, done.steps) == ("ok", "1\n", 40_003)
    assert 0 < len(done.trace) < 40_000


def test_a_program_that_fails_has_the_trace_up_to_there(executor: LocalExecutor) -> None:
    done = traced(executor, script("a = 1\na / 0\nb = 2"))
    assert (done.status, done.error) == ("exception", "ZeroDivisionError")
    assert steps_of(done) == [(1, {"a": "1"}), (2, {})]


def test_recursion_ends_where_it_does_without_a_trace(executor: LocalExecutor) -> None:
    source = (
        "def f(n):\n    return f(n + 1)\ntry:\n    f(0)\nexcept RecursionError:\n    print('deep')"
    )
    done = traced(executor, script(source), steps=10)
    assert (done.status, done.stdout) == ("ok", "deep\n")


def test_other_threads_are_not_followed(executor: LocalExecutor) -> None:
    source = """import threading
def f():
    for i in range(1000):
        pass
t = threading.Thread(target=f)
t.start()
t.join()
"""
    done = traced(executor, script(source))
    assert [step.line for step in done.trace] == [1, 2, 5, 6, 7]


@pytest.mark.parametrize(
    "forged",
    [
        "nonsense",
        "[]",
        '{"steps": "x", "trace": []}',
        '{"steps": 1, "trace": [[1, 2]]}',
        "[" * 9000,
    ],
)
def test_a_forged_trace_is_none(executor: LocalExecutor, forged: str) -> None:
    source = f"import os\nos.write(200, b'ok\\n\\n\\0trace ' + {forged.encode()!r})\nos._exit(0)"
    done = traced(executor, script(source))
    assert (done.status, done.trace, done.steps) == ("ok", (), 0)


def test_a_trace_is_for_python_alone(executor: LocalExecutor) -> None:
    with pytest.raises(InvalidValueError, match="bash"):
        traced(executor, script("echo 1", "bash"))


def test_verification_keeps_the_trace(verified: VerifiedExecutor) -> None:
    [done] = verified.run_many([Job(program=script("a = {'x', 'y'}"), trace_steps=9)])
    assert (done.status, steps_of(done)) == ("ok", [(1, {"a": "{'x', 'y'}"})])


def test_a_trace_survives_the_way_to_a_dictionary_and_back(executor: LocalExecutor) -> None:
    done = traced(executor, script("a = 1"))
    assert Execution.from_dict(json.loads(json.dumps(done.to_dict()))) == done
