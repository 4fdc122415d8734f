"""Small makers of programs in Rust, and a run of many."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from codeoutpred.execution import LocalExecutor
from codeoutpred.records import Execution, Job, Limits, Program

needs_rust = pytest.mark.skipif(
    not (shutil.which("rustc") and shutil.which("cc")), reason="needs rustc and a linker"
)
FOLDER = Path(__file__).parent / "rust"
LIMITS = Limits(cpu_seconds=1, wall_seconds=60)
SHORT = Limits(cpu_seconds=1, wall_seconds=3)


def rust(body: str, *, items: str = "") -> Program:
    return Program(id="r", language="rust", source=f"{items}\nfn main() {{ {body}\n}}\n")


def call(source: str, entry: str = "f") -> Program:
    return Program(id="c", language="rust", source=source, kind="call", entry=entry)


def run(executor: LocalExecutor, programs: Iterable[Program]) -> list[Execution]:
    return list(executor.run_many([Job(program=program) for program in programs], limits=LIMITS))
