"""The tasks of the project: `nox -l` lists them, `nox -s NAME` runs one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2024.4.15"
nox.options.sessions = ["lint", "typing", "tests"]
nox.options.default_venv_backend = "virtualenv"  # pip sees wheels on a local disk, uv does not
nox.options.reuse_existing_virtualenvs = True

TORCH = "torch==2.13.0"
LIGHT = ("datasets", "pluggy", "rapidfuzz", "rich", "typing-extensions")
"""The dependencies that need no torch."""
TESTERS = ("pytest", "pytest-xdist", "hypothesis", "selenium")
TRACKERS = ("tensorboard", "wandb")
"""What trainings can report to, where it is installed."""
SIDE_BY_SIDE = ("--numprocesses", "auto", "--dist", "loadfile", "--no-loadscope-reorder")
"""A process a core, and the tests of a file in one of them, with the fixtures that they share. In
their own order: files of few tests would come last, and these are the longest."""
TRAINING_BENCHES = {"training", "reinforcement", "prediction"}
DEMO = Path("demo-run")


def install_whole(session: nox.Session, *tools: str) -> None:
    """The package with all it needs. The constraint is met by a CPU build of torch."""
    constraints = session.cache_dir.resolve() / "constraints.txt"
    constraints.write_text(f"{TORCH}\n")
    session.install("--constraint", str(constraints), ".", *tools)


def install_light(session: nox.Session, *tools: str) -> None:
    """The package with those of its dependencies that need no torch."""
    needed = nox.project.load_toml("pyproject.toml")["project"]["dependencies"]
    light = [line for line in needed if re.split(r"[<>=~!\[; ]", line)[0] in LIGHT]
    session.install(*light, *tools)
    session.install("--no-deps", ".")


@nox.session
def demo(session: nox.Session) -> None:
    """Run the whole flow on the embedded model; arguments go to `codeoutpred full-pipeline`."""
    install_whole(session)
    is_kept = any(word.startswith(("--resume", "--output-dir")) for word in session.posargs)
    if not is_kept and (DEMO / "pipeline.json").is_file():
        shutil.rmtree(DEMO)  # an earlier run of this session, and nothing else
    session.run(
        *("codeoutpred", "full-pipeline", "--model", "tiny", "--languages", "python"),
        *("--output-dir", str(DEMO), *session.posargs),
    )


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests; arguments go to pytest."""
    install_whole(session, *TESTERS, "transformers[serving]")
    session.run("pytest", *SIDE_BY_SIDE, *session.posargs, env={"OMP_NUM_THREADS": "1"})


@nox.session
def long(session: nox.Session) -> None:
    """Run the tests that take minutes, one after the other; arguments go to pytest."""
    install_whole(session, *TESTERS, *TRACKERS)
    session.run("pytest", "-m", "long", *session.posargs, env={"OMP_NUM_THREADS": "1"})


@nox.session
def gpu(session: nox.Session) -> None:
    """Run the tests that need a GPU, and show what they measured; arguments go to pytest."""
    session.install(".", *TESTERS)  # the build of torch is left to the machine
    session.run("pytest", "-m", "gpu", "-rs", "-s", *session.posargs)


@nox.session(python=["3.10", "3.12", "3.13"])
def core(session: nox.Session) -> None:
    """Run the tests that need no torch; arguments go to pytest."""
    install_light(session, *TESTERS)
    session.run("pytest", *SIDE_BY_SIDE, "-m", "not heavy and not long", *session.posargs)


HOSTS = {
    "inspect-ai": ["inspect-ai"],
    "lm-eval": ["lm-eval"],
    "openrlhf": [],  # needs CUDA to build: its way of loading and calling is tested without it
    "reasoning-gym": ["reasoning-gym"],
    "trl": ["trl"],
    "verifiers": ["verifiers>=0.4"],
    "verl": ["verl"],
}
"""What each host is installed from: their needs do not go together."""


@nox.session
@nox.parametrize("host", sorted(HOSTS))
def integrations(session: nox.Session, host: str) -> None:
    """Test each integration with the real package of its host."""
    constraints = session.cache_dir.resolve() / "constraints.txt"
    constraints.write_text(f"{TORCH}\n")
    heavy = {"openrlhf": ["torch"], "trl": ["accelerate"]}.get(host, [])
    install_light(session, *TESTERS, "--constraint", str(constraints), *HOSTS[host], *heavy)
    test = f"tests/integrations/test_{host.replace('-', '_')}.py"
    session.run("pytest", "-rs", test, "tests/integrations/test_scorer.py", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check the style, the format and the floors of the house."""
    session.install("ruff", "import-linter")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("lint-imports", env={"PYTHONPATH": "src"})


@nox.session
def typing(session: nox.Session) -> None:
    """Check the types, with none of the heavy libraries."""
    session.install("mypy", "pluggy", "rapidfuzz", "rich", "typing-extensions")
    session.run("mypy", "src")


@nox.session
def bench(session: nox.Session) -> None:
    """Run the benchmarks, one after the other: all, or those named (`nox -s bench -- data`).

    Those that train need the whole package, which is installed where one of them is named.
    """
    if TRAINING_BENCHES & set(session.posargs):
        install_whole(session, "selenium")
    else:
        install_light(session, "openai", "selenium")
    for script in sorted(Path("tests/benchmarks").glob("bench_*.py")):
        if not session.posargs or script.stem.removeprefix("bench_") in session.posargs:
            session.run("python", str(script))


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into docs/_build; a warning is an error."""
    install_light(session, "sphinx", "furo", "myst-parser")
    session.run("sphinx-build", "-W", "docs", "docs/_build/html")
