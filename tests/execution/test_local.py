"""Many jobs: order, laziness, servers that die or hang, and nothing left behind."""

from __future__ import annotations

import itertools
import os
import signal
import sys
import threading
from collections.abc import Iterator

import pytest
from execution_programs import (
    answers,
    children,
    eventually,
    folders,
    living,
    script,
    script_jobs,
    servers,
)

from codeoutpred.errors import ExecutionError, InvalidValueError
from codeoutpred.execution import LocalExecutor
from codeoutpred.execution.commands import SERVERS
from codeoutpred.execution.local import JOBS_AHEAD
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.protocols import Executor
from codeoutpred.records import Job, Limits


def test_it_is_an_executor(executor: LocalExecutor) -> None:
    assert isinstance(executor, Executor)


def test_results_keep_the_order_of_jobs_that_end_out_of_order(
    languages: LanguageRegistry,
) -> None:
    slow = Job(program=script("import time; time.sleep(0.3); print('slow')"))
    jobs = [slow, *script_jobs(40), slow, *script_jobs(40)]
    with LocalExecutor(languages, workers=3) as executor:
        printed = [execution.stdout for execution in executor.run_many(jobs)]
    assert printed == ["slow\n", *answers(40), "slow\n", *answers(40)]


def test_bad_programs_among_good_ones_take_their_own_place(executor: LocalExecutor) -> None:
    jobs = [Job(program=script(source)) for source in ("print(1)", "1 / 0", "(", "print(2)")]
    statuses = [execution.status for execution in executor.run_many(jobs)]
    assert statuses == ["ok", "exception", "compile_error", "ok"]


def test_jobs_are_taken_as_they_are_needed(executor: LocalExecutor) -> None:
    taken = 0

    def endless() -> Iterator[Job]:
        nonlocal taken
        for number in itertools.count():
            taken += 1
            yield Job(program=script(f"print({number})"))

    results = executor.run_many(endless())
    for number in range(50):
        assert next(results).stdout == f"{number}\n"
    assert taken <= 50 + JOBS_AHEAD


def test_an_executor_goes_on_after_results_were_abandoned(executor: LocalExecutor) -> None:
    forever = [Job(program=script("while True: pass"))] * 100
    results = executor.run_many([*script_jobs(1), *forever])
    next(results)
    del results
    assert executor.run(script("print(1)")).stdout == "1\n"
    assert eventually(lambda: len(servers()) == 1)


def test_two_runs_may_be_under_way_at_a_time(executor: LocalExecutor) -> None:
    one, other = executor.run_many(script_jobs(60)), executor.run_many(script_jobs(60))
    pairs = [(a.stdout, b.stdout) for a, b in zip(one, other, strict=True)]
    assert pairs == [(text, text) for text in answers(60)]


def test_threads_may_share_an_executor(languages: LanguageRegistry) -> None:
    printed: dict[int, list[str]] = {}

    def work(number: int) -> None:
        printed[number] = [run.stdout for run in executor.run_many(script_jobs(60))]

    with LocalExecutor(languages, workers=2) as executor:
        threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert printed == dict.fromkeys(range(3), answers(60))


def test_requests_far_larger_than_a_pipe_pass(executor: LocalExecutor) -> None:
    large = script(f"print(1)\n#{'x' * 300_000}")
    jobs = [*script_jobs(5), Job(program=large), *script_jobs(5), Job(program=large)]
    printed = [execution.stdout for execution in executor.run_many(jobs)]
    assert printed == [*answers(5), "1\n", *answers(5), "1\n"]


def test_large_replies_pass(executor: LocalExecutor) -> None:
    jobs = [Job(program=script("print('x' * 60_000)"))] * 20
    assert {len(execution.stdout) for execution in executor.run_many(jobs)} == {60_001}


def test_an_idle_server_that_died_costs_no_job(languages: LanguageRegistry) -> None:
    with LocalExecutor(languages, workers=1) as executor:
        others = servers()
        assert executor.run(script("print(1)")).stdout == "1\n"
        for number in range(3):
            for pid in servers() - others:
                os.kill(pid, signal.SIGKILL)
            assert executor.run(script(f"print({number})")).stdout == f"{number}\n"


@pytest.mark.parametrize("whom", ["the guards", "all of them"])
def test_killed_servers_are_replaced_and_no_job_is_lost(
    languages: LanguageRegistry, whom: str
) -> None:
    with LocalExecutor(languages, workers=2) as executor:
        others = servers()
        results = executor.run_many(script_jobs(300))
        printed = []
        killed = 0
        for number, execution in enumerate(results):
            printed.append(execution.stdout)
            if number in (20, 150):
                # The servers alone: a program killed from outside is an outcome of its own.
                guards = servers() - others
                for pid in guards if whom == "the guards" else guards | children(guards):
                    os.kill(pid, signal.SIGKILL)
                    killed += 1
        assert killed >= 2
    assert printed == answers(300)


def test_a_stuck_server_is_replaced_and_its_job_done(languages: LanguageRegistry) -> None:
    with LocalExecutor(languages, workers=1, grace_seconds=0.5) as executor:
        others = living()
        executor.run(script(""))
        stuck = living() - others
        for process in stuck:
            os.kill(process, signal.SIGSTOP)
        execution = executor.run(script("print(1)"), limits=Limits(wall_seconds=1))
        assert execution.stdout == "1\n"
        assert eventually(lambda: not stuck & living())


def test_a_program_that_stops_its_server_is_given_up_after_a_second_trial(
    languages: LanguageRegistry,
) -> None:
    source = "import os, signal; os.kill(os.getppid(), signal.SIGSTOP)"
    jobs = [*script_jobs(3), Job(program=script(source)), *script_jobs(3)]
    # Under any better isolation a program cannot.
    with LocalExecutor(
        languages, workers=1, grace_seconds=0.5, isolation="limits", allow_isolation="limits"
    ) as executor:
        results = list(executor.run_many(jobs, limits=Limits(wall_seconds=1)))
    assert [result.stdout for result in results] == [*answers(3), "", *answers(3)]
    assert results[3].status == "infrastructure"


def test_nothing_is_left_when_an_executor_is_closed_in_mid_run(
    languages: LanguageRegistry,
) -> None:
    processes, places = living(), folders()
    daemon = """
import os, time
if os.fork() == 0:
    os.setsid()
    time.sleep(60)
print(1, flush=True)
time.sleep(60)
"""
    with LocalExecutor(languages, workers=2) as executor:
        results = executor.run_many([*script_jobs(1), *[Job(program=script(daemon))] * 5])
        next(results)
        assert eventually(lambda: len(living() - processes) >= 4)
    assert eventually(lambda: living() == processes)
    assert folders() == places


def test_a_server_that_cannot_start_takes_no_other_kind_with_it(
    languages: LanguageRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    languages.get("javascript").toolchain() or pytest.skip("needs node")
    monkeypatch.setitem(SERVERS, "javascript", lambda *_: [sys.executable, "-c", "exit('no')"])
    with LocalExecutor(languages, workers=1) as executor:
        for _ in range(2):
            with pytest.raises(ExecutionError, match="the server of javascript did not start: no"):
                executor.run(script("", "javascript"))
            assert executor.run(script("print(1)")).stdout == "1\n"


def test_a_closed_executor_says_so(languages: LanguageRegistry) -> None:
    executor = LocalExecutor(languages, workers=1)
    executor.close()
    with pytest.raises(ExecutionError, match="closed"):
        executor.run(script(""))


def test_a_forked_copy_of_an_executor_says_so_and_leaves_the_servers_alone(
    executor: LocalExecutor,
) -> None:
    executor.run(script(""))
    child = os.fork()
    if child == 0:
        try:
            executor.run(script(""))
        except ExecutionError as error:
            os._exit(0 if "process" in str(error) else 2)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    assert executor.run(script("print(1)")).stdout == "1\n"


@pytest.mark.parametrize("workers", [0, -1])
def test_a_number_of_workers_below_one_is_refused(
    languages: LanguageRegistry, workers: int
) -> None:
    with pytest.raises(InvalidValueError, match=f"workers is {workers}"):
        LocalExecutor(languages, workers=workers)


@pytest.mark.parametrize(
    "limits",
    [
        Limits(memory_bytes=1.5),  # type: ignore[arg-type]
        Limits(output_bytes=2**64),
        Limits(cpu_seconds=float("inf")),
        Limits(wall_seconds=float("inf")),
        Limits(memory_bytes=2**46),
        Limits(processes=2**31),
        Limits(cpu_seconds=1e300),
        Limits(memory_bytes=2**64 - 1),
        Limits(file_bytes=2**64 - 1),
        Limits(output_bytes=2**63),
        Limits(processes=2**62),
    ],
)
def test_limits_that_make_no_sense_are_one_clear_error(
    executor: LocalExecutor, limits: Limits
) -> None:
    with pytest.raises(InvalidValueError, match=r"^limit \w+ is "):
        executor.run(script("print(1)"), limits=limits)
    assert executor.run(script("print(1)")).stdout == "1\n"
