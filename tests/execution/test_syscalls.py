"""The numbers of system calls are those of the kernel's own headers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from codeoutpred.execution.sandbox.syscalls import NUMBERS

NEWER = {"fchmodat2": 452}
"""Not in the headers of every distribution yet."""


@pytest.mark.parametrize(
    ("column", "header"),
    [
        (0, "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
        (1, "/usr/include/asm-generic/unistd.h"),
    ],
)
def test_every_number_is_that_of_the_kernels_headers(column: int, header: str) -> None:
    if not Path(header).exists():
        pytest.skip("needs the headers of the kernel")
    defined = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", Path(header).read_text())
    numbers = NEWER | {name: int(number) for name, number in defined}
    wrong = {
        name: (pair[column], numbers.get(name))
        for name, pair in NUMBERS.items()
        if pair[column] != numbers.get(name)
    }
    assert wrong == {}
