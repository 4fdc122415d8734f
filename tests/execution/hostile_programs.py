"""Hostile programs, with the statuses they may come out as.

Every program is bounded in itself, so that a hole is a failed test and not a lost machine.
"""

from __future__ import annotations

SIGNALS_THOSE_BEFORE = """
import os
for pid in range(2, os.getpid()):
    try: os.kill(pid, {})
    except OSError: pass
"""
"""Whoever forks programs was there before them."""
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
    "memory file bomb": (
        """
import os
for number in range(64):
    descriptor = os.memfd_create("x")
    for _ in range(64):
        os.write(descriptor, bytes(2**20))
""",
        {"exception"},
    ),
    "shared memory bomb": (
        """
import mmap, os, time
os.fork()
os.fork()
shared = mmap.mmap(-1, 200 * 2**20)
for page in range(0, len(shared), 4096):
    shared[page] = 1
time.sleep(60)
""",
        {"memory"},
    ),
    "memory of many processes": (
        """
import os, time
for _ in range(3):
    os.fork()
x = bytearray(300 * 2**20)
for page in range(0, len(x), 4096):
    x[page] = 1
time.sleep(60)
""",
        {"memory", "exception"},
    ),
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
    "kills its parent": ("import os; os.kill(os.getppid(), 9)", {"ok", "exception"}),
    "stops its parent": ("import os; os.kill(os.getppid(), 19)", {"ok", "exception"}),
    "interrupts its parent": ("import os; os.kill(os.getppid(), 2)", {"ok", "exception"}),
    "kills those before it": (SIGNALS_THOSE_BEFORE.format(9), {"ok"}),
    "stops those before it": (SIGNALS_THOSE_BEFORE.format(19), {"ok"}),
    "interrupts those before it": (SIGNALS_THOSE_BEFORE.format(2), {"ok"}),
    "starts a sibling": (
        """
import ctypes, time
if ctypes.CDLL(None).syscall(56, 0x8000 | 17, 0, 0, 0, 0) == 0:  # clone, CLONE_PARENT
    time.sleep(60)
""",
        {"ok"},
    ),
    "kills all it can": ("import os; os.kill(-1, 9)", {"ok", "exception"}),
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
    "many files": (
        "for n in range(4096):\n with open(str(n), 'wb') as f: f.write(bytes(2**20))",
        {"exception", "memory", "timeout"},
    ),
    "many empty files": (
        "for n in range(200_000): open(str(n), 'w').close()",
        {"exception", "memory", "timeout"},
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
