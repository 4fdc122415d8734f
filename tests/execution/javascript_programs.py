"""Small makers of programs in JavaScript, and what node itself makes of them."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from execution_programs import script

from codeoutpred.records import Limits, Program

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="needs node")
FOLDER = Path(__file__).parent / "javascript"
LIMITS = Limits(cpu_seconds=0.5, wall_seconds=20.0)
GENEROUS = Limits(cpu_seconds=20.0, wall_seconds=60.0)


def javascript(source: str) -> Program:
    return script(source, "javascript")


def call(source: str, entry: str = "f") -> Program:
    return dataclasses.replace(javascript(source), kind="call", entry=entry)


INSIDE = "/work"
"""Where our warm process has the file of a program."""


def by_node(source: str, folder: Path) -> str:
    """What `node program.js` prints, with the folder of the file as in our warm process."""
    file = folder / "program.js"
    file.write_text(source)
    environment = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [str(NODE), str(file)], capture_output=True, env=environment, cwd=folder, check=True
    )
    return done.stdout.decode().replace(str(folder), INSIDE)
