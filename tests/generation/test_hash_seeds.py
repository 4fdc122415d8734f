"""Programs are the same in every process, whatever order its sets have."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
import hashlib, sys
from codeoutpred import load_plugins
name, language = sys.argv[1:]
factory = load_plugins(use_entry_points=False).generators.get(name)
programs = factory(language=language, levels=(1, 2, 3, 4, 5)).generate(count=150, seed=3)
print(hashlib.sha256(repr([program.to_dict() for program in programs]).encode()).hexdigest())
"""


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("drills", "python"),
        ("synthetic", "python"),
        ("synthetic", "javascript"),
        ("synthetic", "rust"),
    ],
)
def test_the_hash_seed_of_the_process_changes_nothing(name: str, language: str) -> None:
    printed = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM, name, language],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(printed) == 1
