"""The other backends: bubblewrap for real where there is one, docker by a stand-in."""

from __future__ import annotations

import itertools
import json
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from execution_programs import answers, call, script, script_jobs

from codeoutpred.errors import ExecutionError, InvalidValueError
from codeoutpred.execution import ClientExecutor, VerifiedExecutor, make_executor
from codeoutpred.execution.clients import SCRIPTS
from codeoutpred.execution.commands import SANDBOX
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.protocols import Executor
from codeoutpred.records import Job, Limits

needs_bubblewrap = pytest.mark.skipif(shutil.which("bwrap") is None, reason="needs bwrap")

STAND_IN = """#!{python} -sSB
import json, os, sys
words = sys.argv[1:]
with open({log!r}, "a") as log:
    log.write(json.dumps(words) + "\\n")
if words[0] == "run":
    environment = dict(word.split("=", 1) for word in words if "=" in word and word[0].isupper())
    script = words[words.index("{image}") + 1 :][3].replace({scripts!r}, {sandbox!r})
    os.mkdir({folder!r} + str(os.getpid()))
    inside = [{python!r}, "-s", "-S", "-B", script, {folder!r} + str(os.getpid()), "limits"]
    os.execve(inside[0], inside, environment)
"""
IMAGE = "python:3.12-slim"


@pytest.fixture
def docker_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `docker` on the search path that runs the server here, and the file of its calls."""
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "docker").write_text(
        STAND_IN.format(
            python=sys.executable,
            log=str(tmp_path / "calls"),
            scripts=SCRIPTS,
            sandbox=str(SANDBOX),
            folder=str(tmp_path / "run"),
            image=IMAGE,
        )
    )
    (tools / "docker").chmod(0o755)
    for parent in (tmp_path, *list(tmp_path.parents)[:2]):
        parent.chmod(0o755)  # the server becomes another user where this one is root
    monkeypatch.setenv("PATH", str(tools), prepend=":")
    return tmp_path / "calls"


@pytest.fixture
def docker(languages: LanguageRegistry, docker_calls: Path) -> Iterator[Executor]:
    with make_executor(languages, workers=2, verify=False, backend="docker") as executor:
        yield executor


@pytest.fixture(scope="module")
def bubblewrap(languages: LanguageRegistry) -> Iterator[Executor]:
    with make_executor(languages, workers=2, verify=False, backend="bubblewrap") as executor:
        yield executor


@needs_bubblewrap
@pytest.mark.parametrize(
    ("source", "status", "stdout"),
    [
        ("print(6 * 7)", "ok", "42\n"),
        ("print(1)\n1 / 0", "exception", "1\n"),
        ("(", "compile_error", ""),
        ("while True: pass", "timeout", ""),
        ("import time; time.sleep(60)", "timeout", ""),
        ("x = [0] * 10**10", "memory", ""),
        ("print('x' * 10**6)", "output_limit", None),
    ],
)
def test_a_program_ends_in_bubblewrap_as_anywhere(
    bubblewrap: Executor, source: str, status: str, stdout: str | None
) -> None:
    done = bubblewrap.run(script(source), limits=Limits(cpu_seconds=0.5, wall_seconds=3))
    assert (done.status, done.isolation) == (status, "bubblewrap")
    assert stdout in (done.stdout, None)


@needs_bubblewrap
@pytest.mark.parametrize(
    "source",
    [
        f"open({str(Path(__file__))!r})",
        "open('/etc/passwd')",
        "open('/left', 'w')",
        "open('/usr/left', 'w')",
        "import socket; socket.create_connection(('1.1.1.1', 53), timeout=5)",
        "import os; os.kill(os.getppid(), 9); os.sethostname('x')",
    ],
)
def test_a_program_in_bubblewrap_reaches_nothing_outside(bubblewrap: Executor, source: str) -> None:
    assert bubblewrap.run(script(source)).status in ("exception", "infrastructure")
    assert bubblewrap.run(script("print(1)")).stdout == "1\n"


@needs_bubblewrap
@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("bash", "echo $((6 * 7))"),
        ("c", '#include <stdio.h>\nint main(void) { puts("42"); }'),
        ("javascript", "console.log(6 * 7)"),
    ],
)
def test_other_languages_run_in_bubblewrap(
    bubblewrap: Executor, language: str, source: str
) -> None:
    done = bubblewrap.run(script(source, language))
    if done.status == "toolchain_missing":
        pytest.skip(done.detail)
    assert (done.status, done.stdout) == ("ok", "42\n")


@needs_bubblewrap
def test_two_runs_in_bubblewrap_must_agree(languages: LanguageRegistry) -> None:
    with make_executor(languages, workers=1, backend="bubblewrap") as executor:
        assert isinstance(executor, VerifiedExecutor)
        assert executor.run(script("print({'a', 'b', 'c', 'd'})")).status == "nondeterministic"
        assert executor.run(call("def f(): return {'b', 'a'}")).value == "{'a', 'b'}"


def test_a_program_runs_in_a_container_of_its_own(docker: Executor, docker_calls: Path) -> None:
    results = [done.stdout for done in docker.run_many(script_jobs(5))]
    assert results == answers(5)
    calls = [json.loads(line) for line in docker_calls.read_text().splitlines()]
    assert len({words[words.index("--name") + 1] for words in calls}) == 5


def test_a_container_is_closed_and_bounded(docker: Executor, docker_calls: Path) -> None:
    done = docker.run(script("print(1)"), limits=Limits(memory_bytes=2**28, processes=4))
    assert (done.status, done.isolation) == ("ok", "docker")
    [words] = map(json.loads, docker_calls.read_text().splitlines())
    assert words[:1] == ["run"]
    assert {"--rm", "--interactive", "--read-only"} <= set(words)
    options = dict(itertools.pairwise(words))
    assert options["--network"] == "none"
    assert options["--cap-drop"] == "ALL"
    assert options["--security-opt"] == "no-new-privileges"
    assert options["--user"] == "65534:65534"
    assert options["--memory"] == options["--memory-swap"] == str(2**28 + 2**28)
    assert options["--pids-limit"] == "20"
    assert options["--volume"].endswith(":ro")
    assert IMAGE in words


def test_nothing_of_our_environment_goes_into_a_container(
    docker: Executor, docker_calls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    source = "import os\nprint('OPENAI_API_KEY' in os.environ)"
    assert docker.run(script(source)).stdout == "False\n"
    assert "secret" not in docker_calls.read_text()


def test_input_and_calls_reach_a_container(docker: Executor) -> None:
    jobs = [
        Job(program=script("print(input())"), stdin="a\n"),
        Job(program=call("def f(x): return x * 2"), arguments="'b'"),
    ]
    one, other = docker.run_many(jobs)
    assert (one.stdout, other.value) == ("a\n", "'bb'")


def test_a_language_with_a_server_of_its_own_is_not_run_in_a_container(docker: Executor) -> None:
    done = docker.run(script("console.log(1)", "javascript"))
    assert done.status == "toolchain_missing"


def test_a_client_that_fails_is_infrastructure_with_its_words(
    languages: LanguageRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = tmp_path / "docker"
    client.write_text("#!/bin/sh\necho 'no daemon here' >&2\nexit 125\n")
    client.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with make_executor(languages, workers=1, verify=False, backend="docker") as executor:
        done = executor.run(script("print(1)"))
    assert done.status == "infrastructure"
    assert "no daemon here" in done.detail


def test_a_container_that_is_not_done_at_the_close_is_killed(
    languages: LanguageRegistry, docker_calls: Path
) -> None:
    executor = make_executor(languages, workers=1, verify=False, backend="docker")
    results = executor.run_many(
        [Job(program=script("print(1)")), Job(program=script("import time; time.sleep(60)"))] * 2,
        limits=Limits(wall_seconds=60),
    )
    assert next(results).stdout == "1\n"
    end = time.monotonic() + 20
    while docker_calls.read_text().count("\n") < 2 and time.monotonic() < end:
        time.sleep(0.02)
    executor.close()
    calls = [json.loads(line) for line in docker_calls.read_text().splitlines()]
    name = calls[1][calls[1].index("--name") + 1]
    assert calls[2:] == [["kill", name]]


def test_a_client_that_is_absent_says_how_to_get_it(
    languages: LanguageRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ExecutionError, match="apt-get install bubblewrap"):
        make_executor(languages, backend="bubblewrap")


def test_an_unknown_backend_is_refused(languages: LanguageRegistry) -> None:
    with pytest.raises(InvalidValueError, match="local, bubblewrap, docker"):
        make_executor(languages, backend="podman")


def test_an_isolation_of_ours_is_refused_for_another_backend(languages: LanguageRegistry) -> None:
    with pytest.raises(InvalidValueError, match="isolation 'full'"):
        make_executor(languages, backend="docker", isolation="full")


def test_a_closed_executor_of_a_client_says_so(docker: Executor) -> None:
    assert isinstance(docker, ClientExecutor)
    docker.close()
    with pytest.raises(ExecutionError, match="closed"):
        docker.run(script("print(1)"))
