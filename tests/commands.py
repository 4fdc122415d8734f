"""Real processes of the command line, as a user starts them.

done = finish(start("list-models"))
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Done:
    """What a process came to."""

    status: int
    out: str
    err: str


def start(*words: object, processes: int = 1, **environment: str) -> subprocess.Popen[str]:
    """`codeoutpred WORDS` on one thread, by `torchrun` where several `processes` are wanted."""
    launcher = (
        ["-m", "torch.distributed.run", "--standalone", "--nproc_per_node", str(processes)]
        if processes > 1
        else []
    )
    return subprocess.Popen(
        [sys.executable, *launcher, "-m", "codeoutpred", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", **environment},
    )


def finish(process: subprocess.Popen[str], *, within: float = 900) -> Done:
    """Wait for the end of a process; one that takes longer is killed, and fails the test."""
    try:
        out, err = process.communicate(timeout=within)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError(f"not over within {within} s: {out}\n{err}") from None
    return Done(process.returncode, out, err)


def run(*words: object, processes: int = 1, **environment: str) -> Done:
    """Start and finish."""
    return finish(start(*words, processes=processes, **environment))
