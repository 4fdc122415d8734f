"""The interpreter's code in large pages: in a process of its own, which then goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from codeoutpred.execution.commands import SANDBOX

LARGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")
PROGRAM = """
import json, re, sys
sys.path.insert(0, sys.argv[1])
import large_pages
large = large_pages.LARGE
room = sum(max(0, end // large - -(-start // large)) for start, end in large_pages._read_only())
large_pages.enlarge()
assert json.loads(json.dumps({"a": [1, 2.5]})) == {"a": [1, 2.5]} and re.sub("a", "b", "aa") == "bb"
rows = [line.split() for line in open("/proc/self/smaps")]
print(room * large // 1024, sum(int(row[1]) for row in rows if row[0] == "AnonHugePages:"))
"""


def test_the_interpreter_goes_on_where_its_code_was_moved() -> None:
    command = [sys.executable, "-S", "-c", PROGRAM, str(SANDBOX)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    given = LARGE_PAGES.read_text() if LARGE_PAGES.exists() else "[never]"
    if os.uname().machine != "x86_64" or "[never]" in given:
        pytest.skip("no large pages here")
    room, used = map(int, done.stdout.split())
    assert room == used
