"""Programs of each kind, run for real by a user without any rights."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from execution_programs import answers, script
from ordinary_user import OrdinaryUser, reachable_python

from codeoutpred.cli import main
from codeoutpred.execution import LocalExecutor, find_isolation
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.records import Execution, Job, Limits

pytestmark = pytest.mark.skipif(
    os.getuid() == 0 and reachable_python() is None, reason="no Python for an ordinary user"
)
Run = Callable[[list[Job]], tuple[list[Execution], list[str]]]


@pytest.fixture(scope="module", params=["full", "filtered"])
def run(request: pytest.FixtureRequest, languages: LanguageRegistry) -> Iterator[Run]:
    """Gives what the jobs came out as, and the names in the user's cache of Rust binaries."""
    for name in ("python", "javascript", "rust"):
        languages.get(name).toolchain()  # nothing is left for the user to import

    def make() -> Run:
        cache = tempfile.mkdtemp()
        os.environ["XDG_CACHE_HOME"] = cache
        executor = LocalExecutor(languages, workers=1, isolation=request.param)

        def run(jobs: list[Job]) -> tuple[list[Execution], list[str]]:
            done = list(executor.run_many(jobs, limits=Limits(wall_seconds=60)))
            return done, [path.name for path in Path(cache).glob("codeoutpred/rust/*")]

        return run

    user = OrdinaryUser(make)
    yield user.ask
    user.close()


def jobs(language: str, sources: list[str]) -> list[Job]:
    return [Job(program=script(source, language)) for source in sources]


@pytest.mark.skipif(not (shutil.which("rustc") and shutil.which("cc")), reason="needs rustc")
def test_rust_compiles_and_runs_and_keeps_its_binaries(run: Run) -> None:
    sources = [f'fn main() {{ println!("{{}}", {number} * 3) }}' for number in range(3)]
    bad = ["fn main() { 1 + }", 'fn main() { print!("{}", unsafe { *(8 as *const u8) }) }']
    done, kept = run(jobs("rust", [*sources, *bad]))
    statuses = [execution.status for execution in done]
    assert statuses == ["ok", "ok", "ok", "compile_error", "exception"], done
    assert [execution.stdout for execution in done[:3]] == answers(3)
    assert len([name for name in kept if not name.startswith(".")]) >= 4


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_javascript_runs_in_the_warm_process_and_in_one_of_its_own(run: Run) -> None:
    sources = [
        "console.log([1, { a: 1 }])",
        "console.log(require('path').join('a', 'b'))",
        "null.x",
        "process.exit(3)",
        "for (;;);",
        "console.log(require('fs').readFileSync('/etc/passwd', 'utf8'))",
    ]
    done, _ = run(jobs("javascript", sources))
    assert [execution.stdout for execution in done] == ["[ 1, { a: 1 } ]\n", "a/b\n", *[""] * 4]
    assert [execution.status for execution in done[2:]] == [
        "exception",
        "exception",
        "timeout",
        "exception",
    ]


def test_commands_run(run: Run) -> None:
    done, _ = run(jobs("bash", ["echo $((6 * 7))", "id -u; cat /etc/shadow"]))
    assert done[0].stdout == "42\n"
    assert done[1].status == "exception"


def test_files_can_be_moved_and_copied_between_folders(run: Run) -> None:
    source = """
import os, shutil
os.mkdir("a"), os.mkdir("b"), open("a/x", "w").close()
os.rename("a/x", "b/x")
shutil.copyfile("b/x", "a/y")
print(os.listdir("a"), os.listdir("b"))
"""
    done, _ = run(jobs("python", [source]))
    assert done[0].stdout == "['y'] ['x']\n", done


def test_doctor_tells_an_ordinary_user_the_level_that_holds_for_them() -> None:
    def make() -> Callable[[], tuple[int, str]]:
        def doctor() -> tuple[int, str]:
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                main(["doctor"])
            return os.getuid(), printed.getvalue()

        return doctor

    level = find_isolation().level
    user = OrdinaryUser(make)
    try:
        who, printed = user.ask()
    finally:
        user.close()
    assert who != 0
    assert f"isolation: {level}" in printed
