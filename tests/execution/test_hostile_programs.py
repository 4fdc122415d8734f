"""After each hostile program the next one is right, and no process is left.

Every program is bounded in itself, so that a hole is a failed test and not a lost machine.
"""

from __future__ import annotations

import pytest
from execution_programs import living, script

from codeoutpred.execution import LocalExecutor
from codeoutpred.records import Limits

LIMITS = Limits(cpu_seconds=0.5, wall_seconds=1.5, processes=16)

HOSTILE = {
    "fork bomb": (
        """
import os, time
for number in range(64):
    if os.fork() == 0:
        time.sleep(60)
        os._exit(0)
""",
        {"exception"},
    ),
    "forks that fork": (
        """
import os, time
for level in range(6):
    os.fork()
time.sleep(60)
""",
        {"exception", "timeout"},
    ),
    "daemon in a session of its own": (
        """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(60)
    os._exit(0)
os.wait()
""",
        {"ok"},
    ),
    "stopped daemon": (
        """
import os, signal
if os.fork() == 0:
    os.setsid()
    os.kill(os.getpid(), signal.SIGSTOP)
""",
        {"ok"},
    ),
    "bytearray bomb": ("x = bytearray(4 * 2**30)", {"memory"}),
    "mapping bomb": ("import mmap; x = mmap.mmap(-1, 4 * 2**30)", {"exception"}),
    "endless printing": ("while True: print('x' * 1000)", {"output_limit"}),
    "endless raw writing": (
        "import os\nwhile True:\n try: os.write(1, b'x' * 10000)\n except OSError: pass",
        {"output_limit"},
    ),
    "output by sparse file": ("import os; os.ftruncate(1, 4 * 2**30)", {"exception"}),
    "sleep for ever": ("import time; time.sleep(10**6)", {"timeout"}),
    "loop that ignores signals": (
        """
import signal
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
signal.setitimer(signal.ITIMER_PROF, 0)
while True: pass
""",
        {"timeout"},
    ),
    "stops itself": ("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", {"timeout"}),
    "kills itself": ("import os; os.kill(os.getpid(), 9)", {"exception"}),
    "kills its group": ("import os; os.killpg(0, 9)", {"exception"}),
    "kills its parent": (
        "import os; os.kill(os.getppid(), 9)",
        {"infrastructure"},
    ),
    "ends without a word": ("import os; os._exit(0)", {"ok"}),
    "closes all descriptors": ("import os; os.closerange(0, 4096)", {"ok", "exception"}),
    "writes to all descriptors": (
        """
import os
for number in range(3, 4096):
    try: os.write(number, b'\\x00' * 4096)
    except OSError: pass
""",
        {"exception", "ok", "infrastructure"},
    ),
    "segmentation fault": ("import ctypes; ctypes.string_at(0)", {"exception"}),
    "abort": ("import os; os.abort()", {"exception"}),
    "deep recursion": ("def f(): f()\nf()", {"exception"}),
    "deeper recursion": (
        "import sys; sys.setrecursionlimit(10**6)\ndef f(): f()\nf()",
        {"exception", "memory", "timeout"},
    ),
    "deep source": ("(" * 100_000, {"compile_error"}),
    "deep operators": ("-" * 100_000 + "1", {"compile_error", "memory", "exception"}),
    "patched built-ins": (
        "import builtins, sys, math\n"
        "builtins.print = builtins.repr = builtins.compile = None\n"
        "math.sqrt = sys.stdout = None",
        {"ok"},
    ),
    "patched exit": (
        "import os, sys, atexit\nos._exit = os.write = sys.exit = atexit.register = None",
        {"exception", "ok"},
    ),
    "big file": (
        "with open('f', 'wb') as file:\n for _ in range(64): file.write(b'x' * 2**20)",
        {"exception"},
    ),
    "closed folders": (
        "import os\nos.makedirs('a/b/c')\nos.chmod('a/b', 0)\nos.chmod('a', 0)\nos.chmod('.', 0)",
        {"ok"},
    ),
    "folders nested too deep": (
        "import os\nfor _ in range(200):\n os.mkdir('d' * 50)\n os.chdir('d' * 50)",
        {"ok"},
    ),
    "file for a working folder": (
        "import os\npath = os.getcwd()\nos.rmdir(path)\nopen(path, 'w').close()",
        {"ok", "exception"},
    ),
    "removed working folder": ("import os; os.rmdir(os.getcwd())", {"ok", "exception"}),
    "link to elsewhere": ("import os; os.symlink('/', 'root')", {"ok"}),
    "raises its limits": (
        "import resource as r\n"
        "r.setrlimit(r.RLIMIT_AS, (r.RLIM_INFINITY, r.RLIM_INFINITY))\n"
        "x = bytearray(4 * 2**30)",
        {"exception", "memory"},
    ),
    "thread for ever": (
        "import threading, time\nthreading.Thread(target=time.sleep, args=(10**6,)).start()",
        {"timeout"},
    ),
    "exit handler for ever": (
        "import atexit, time\natexit.register(time.sleep, 10**6)",
        {"timeout"},
    ),
    "exception without a text": (
        "class E(Exception):\n def __str__(self): raise SystemExit\nraise E",
        {"exception"},
    ),
    "forged record": ("import os; os.write(200, b'ok\\nx\\ny' * 9); os._exit(1)", {"ok"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_program_is_data_and_harms_no_other(executor: LocalExecutor, name: str) -> None:
    source, statuses = HOSTILE[name]
    before = executor.run(script("print('before')"))
    others = living()
    execution = executor.run(script(source), limits=LIMITS)
    after = executor.run(script("import os, math; print(math.sqrt(16), os.listdir())"))
    assert execution.status in statuses, execution
    assert (before.stdout, after.stdout) == ("before\n", "4.0 []\n")
    assert len(living()) == len(others)


def test_a_program_can_start_no_more_processes_than_its_limit(executor: LocalExecutor) -> None:
    source = """
import os, time
for number in range(64):
    try:
        if os.fork() == 0:
            time.sleep(60)
    except BlockingIOError:
        print(number)
        break
"""
    printed = executor.run(script(source), limits=Limits(processes=8)).stdout
    assert printed and int(printed) < 16
