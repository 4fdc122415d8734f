"""Two runs that disagree make a program nondeterministic, and two that cannot be told do not."""

from __future__ import annotations

import pytest
from execution_programs import answers, call, script, script_jobs

from codeoutpred.execution import VerifiedExecutor
from codeoutpred.protocols import Executor
from codeoutpred.records import Limits

NONDETERMINISTIC = {
    "order of a set of strings": "print({'a', 'b', 'c', 'd', 'e', 'f', 'g'})",
    "address": "print(id([]))",
    "default representation": "print(object())",
    "hash of a string": "print(hash('a'))",
    "unseeded random": "import random; print(random.random())",
    "time": "import time; print(time.time())",
    "the year": "import time; print(time.strftime('%Y'))",
    "the date": "from datetime import date; print(date.today())",
    "the hour": "import datetime; print(datetime.datetime.now().hour)",
    "monotonic time": "import time; print(time.monotonic())",
    "process": "import os; print(os.getpid())",
    "system random": "import os; print(os.urandom(8))",
    "uuid": "import uuid; print(uuid.uuid4())",
    "working folder": "import os; print(os.getcwd())",
    "exception by chance": "import random\nif random.random() > 0.8: 1 / 0",
}


def test_it_is_an_executor(verified: VerifiedExecutor) -> None:
    assert isinstance(verified, Executor)


@pytest.mark.parametrize("name", NONDETERMINISTIC)
def test_what_changes_from_run_to_run_is_nondeterministic(
    verified: VerifiedExecutor, name: str
) -> None:
    execution = verified.run(script(NONDETERMINISTIC[name]))
    assert (execution.status, execution.value) == ("nondeterministic", "")


def test_the_detail_shows_what_differed(verified: VerifiedExecutor) -> None:
    detail = verified.run(script("print('start', hash('a'))")).detail
    assert detail.startswith("stdout differed: 'start ")


@pytest.mark.parametrize(
    ("source", "stdout"),
    [
        ("import random; random.seed(1); print(random.randrange(100))", "17\n"),
        ("print(sorted({'b', 'a'}))", "['a', 'b']\n"),
        ("import time; print(time.gmtime(0).tm_year, time.time() > 0)", "1970 True\n"),
        ("import datetime; print(datetime.date(2024, 2, 29).isoformat())", "2024-02-29\n"),
        ("print({3, 1, 2})", "{1, 2, 3}\n"),
        ("print({'b': 1, 'a': 2})", "{'b': 1, 'a': 2}\n"),
    ],
)
def test_what_is_fixed_is_ok(verified: VerifiedExecutor, source: str, stdout: str) -> None:
    execution = verified.run(script(source))
    assert (execution.status, execution.stdout) == ("ok", stdout)


def test_a_returned_set_is_one_value_whatever_its_order(verified: VerifiedExecutor) -> None:
    execution = verified.run(call("def f(): return [{'c', 'a', 'e', 'b', 'd', 'f'}]"))
    assert execution.status == "ok"
    assert execution.value == "[{'a', 'b', 'c', 'd', 'e', 'f'}]"


def test_a_list_made_of_a_set_is_nondeterministic(verified: VerifiedExecutor) -> None:
    execution = verified.run(call("def f(): return list('abcdefgh' and set('abcdefgh'))"))
    assert (execution.status, execution.detail[:14]) == ("nondeterministic", "value differed")


def test_other_statuses_pass(verified: VerifiedExecutor) -> None:
    limits = Limits(cpu_seconds=0.2)
    sources = ("1 / 0", "(", "while True: pass", "x = ' ' * 10**11", "while True: print('x' * 999)")
    statuses = [verified.run(script(source), limits=limits).status for source in sources]
    assert statuses == ["exception", "compile_error", "timeout", "memory", "output_limit"]


def test_results_keep_the_order_of_the_jobs(verified: VerifiedExecutor) -> None:
    printed = [execution.stdout for execution in verified.run_many(iter(script_jobs(150)))]
    assert printed == answers(150)


def test_it_goes_on_after_results_were_abandoned(verified: VerifiedExecutor) -> None:
    results = verified.run_many(script_jobs(150))
    assert next(results).stdout == "0\n"
    del results
    assert verified.run(script("print(1)")).stdout == "1\n"
