"""The fork server: a warm interpreter that forks once for every program, and cleans up after it.

    python -s -S -B sandbox/server.py FOLDER < requests > replies

It holds a program to its limits and hands back what came out of it, unread. Held: time, memory,
file sizes, descriptors, processes, and whatever a program leaves running or lying in its working
folder. Not held: the network, reading files and signals to processes of its own user, this one
and, where the server was not started by root, the user's own included.
"""

# No pathlib: whatever is loaded here is copied into every child.
# ruff: noqa: PTH123

from __future__ import annotations

import builtins
import contextlib
import ctypes
import gc
import importlib
import os
import resource
import select
import signal
import sys
import time
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

if TYPE_CHECKING:
    from codeoutpred.execution.sandbox import child, frames
    from codeoutpred.execution.sandbox.folder import WorkingFolder, remove
    from codeoutpred.execution.sandbox.identity import leave_root, tasks_of_this_user
    from codeoutpred.execution.sandbox.limits import kernel_limits, record_bytes
else:
    import child
    import frames
    from folder import WorkingFolder, remove
    from identity import leave_root, tasks_of_this_user
    from limits import kernel_limits, record_bytes

PRELOADED = (
    "bisect",
    "collections",
    "copy",
    "datetime",
    "functools",
    "heapq",
    "itertools",
    "json",
    "math",
    "operator",
    "re",
    "string",
    "typing",
)
SWEEP_SECONDS = 5.0
LONGEST_POLL = 2**31 - 1
PR_SET_CHILD_SUBREAPER = 36


class Server:
    """Reads requests, runs each in a child of its own, writes replies."""

    def __init__(self, folder: str, requests: BinaryIO, replies: int) -> None:
        self.requests = requests
        self.replies = replies
        self.working = WorkingFolder(folder)
        self.other_tasks = tasks_of_this_user()
        with open("/proc/self/statm") as file:
            self.own_memory = int(file.read().split()[0]) * resource.getpagesize()
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def serve(self) -> None:
        """Answer requests until their pipe closes."""
        _write(self.replies, frames.READY)
        while len(head := self.requests.read(frames.REQUEST.size)) == frames.REQUEST.size:
            kind, *limits, first, second, third = frames.REQUEST.unpack(head)
            texts = [self.requests.read(length) for length in (first, second, third)]
            _write(self.replies, self._run(kind, limits, texts))

    def _run(self, kind: int, limits: list[Any], texts: list[bytes]) -> bytes:
        cpu, wall, memory, max_output, file, processes = limits
        tasks = None if self.other_tasks is None else self.other_tasks + processes
        held = kernel_limits(cpu, self.own_memory + memory, max_output, file, tasks)
        self.working.empty()
        output, result = os.memfd_create("stdout"), os.memfd_create("result")
        pid = os.fork()
        if pid == 0:
            self._become_child(output, result, kind, texts, cpu, held, max_output)
        timed_out = self._wait(pid, wall)
        # The leader is not reaped yet, so the number of its group cannot be another's.
        _kill(-pid)
        _kill(pid)
        _, status, usage = os.wait4(pid, 0)
        _sweep()
        printed, recorded = _read(output, max_output + 1), _read(result, record_bytes(max_output))
        return (
            frames.REPLY.pack(
                status, timed_out, usage.ru_utime + usage.ru_stime, len(printed), len(recorded)
            )
            + printed
            + recorded
        )

    def _wait(self, pid: int, seconds: float) -> bool:
        """Wait for the child's end; true where its time ran out. Ends with the supervisor."""
        ended = os.pidfd_open(pid)
        poller = select.poll()
        poller.register(ended, select.POLLIN)
        poller.register(self.requests.fileno(), 0)  # wakes for a hang-up alone
        woken = [descriptor for descriptor, _ in poller.poll(min(seconds * 1000, LONGEST_POLL))]
        os.close(ended)
        if woken and ended not in woken:
            _kill(pid)
            _sweep()
            raise SystemExit
        return not woken

    def _become_child(
        self,
        output: int,
        result: int,
        kind: int,
        texts: list[bytes],
        cpu: float,
        held: list[tuple[int, tuple[int, int]]],
        max_output: int,
    ) -> NoReturn:
        try:
            os.setsid()
            os.dup2(output, 1)
            os.dup2(result, child.RESULT_DESCRIPTOR, inheritable=False)
            os.closerange(3, child.RESULT_DESCRIPTOR)
            os.closerange(child.RESULT_DESCRIPTOR + 1, 1 << 20)
            os.chdir(self.working.path)
            if kind == frames.COMMAND:
                with open(texts[1], "wb") as file:
                    file.write(texts[0])
            for which, pair in held:
                resource.setrlimit(which, pair)
            signal.setitimer(signal.ITIMER_PROF, cpu)
        except BaseException as error:
            child.record("infrastructure", "", f"{type(error).__name__}: {error}")
            os._exit(1)
        if kind == frames.COMMAND:
            child.run_command(texts[2])
        source, entry, arguments = texts
        child.run_python(source, entry, arguments, max_output)


def _sweep() -> None:
    """Kill and reap all that is left of a program; orphans of its orphans come to us in turn."""
    deadline = time.monotonic() + SWEEP_SECONDS
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            for orphan in _children():
                _kill(orphan)
            if time.monotonic() > deadline:
                raise SystemExit("processes of a program outlive SIGKILL")
            time.sleep(0.0005)


def _kill(pid: int) -> None:
    """Kill a process, or with a negative number a group of processes, if there is one."""
    try:
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _children() -> list[int]:
    with open(f"/proc/self/task/{os.getpid()}/children") as file:
        return [int(pid) for pid in file.read().split()]


def _read(descriptor: int, limit: int) -> bytes:
    data = os.pread(descriptor, min(limit, os.fstat(descriptor).st_size), 0)
    os.close(descriptor)
    return data


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _warm_up(seed: int) -> None:
    """Pay once for what every child would pay: imports, the compiler's types, the collector."""
    for name in PRELOADED:
        importlib.import_module(name)
    # `random` would draw a new seed in every child: slow, and no child would be like another.
    register, os.register_at_fork = os.register_at_fork, lambda **_: None
    importlib.import_module("random").seed(seed)
    os.register_at_fork = register
    quitter = importlib.import_module("_sitebuiltins").Quitter
    for name in ("exit", "quit"):  # the `site` module brings these, and is left out
        setattr(builtins, name, quitter(name, "Ctrl-D (i.e. EOF)"))
    eval(compile("0", "warm-up", "eval"))  # noqa: S307
    gc.collect()
    gc.freeze()


def main() -> None:
    folder = sys.argv[1]
    requests, replies = os.fdopen(os.dup(0), "rb"), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)
    sys.stdout.reconfigure(encoding="utf-8", errors="strict", line_buffering=False)  # type: ignore
    try:
        leave_root(folder)
        _warm_up(int(os.environ["PYTHONHASHSEED"]))
        Server(folder, requests, replies).serve()
    except BrokenPipeError:
        pass
    finally:
        with contextlib.suppress(OSError):  # the supervisor may remove it where we may not
            remove(folder)


if __name__ == "__main__":
    del sys.path[0]  # this folder: for the imports above, not for programs
    for module in ("child", "folder", "frames", "identity", "limits"):
        del sys.modules[module]
    main()
