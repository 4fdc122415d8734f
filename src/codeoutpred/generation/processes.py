"""Programs drawn by several processes at once, in the order in which one would draw them."""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import cycle
from typing import Any

from codeoutpred.errors import InvalidValueError
from codeoutpred.records import Program

Draw = Callable[[int], Program]

FIRST = 256
"""Programs drawn here before processes are started, and as many again while they start."""

SLICE = 32
"""Programs asked of a process at a time."""

AHEAD = 2
"""Slices asked of a process before the first of them is taken."""


def drawn(draw: Draw, numbers: range, *, workers: int | None = None) -> Iterator[Program]:
    """The programs of `numbers`, in order, where `draw` makes each of its number alone.

    Many are drawn by `workers` processes, by default one a core that this process may use. `draw`
    must then be something that `pickle` takes, such as `functools.partial(self.program, seed)`.
    What a process does not deliver, for whatever reason, is drawn here.
    """
    if workers is not None and workers < 1:
        raise InvalidValueError(f"workers is {workers}; it must be at least 1")
    yield from map(draw, numbers[:FIRST])
    shared = numbers[2 * FIRST :]
    with ExitStack() as stack:
        processes = []
        if workers != 1:
            for _ in range(min(workers or _cores(), -(-len(shared) // SLICE))):
                processes.append(_Process(draw))
                stack.callback(processes[-1].end)
        yield from map(draw, numbers[FIRST : 2 * FIRST])
        yield from _shared(draw, shared, processes) if processes else map(draw, shared)


def _shared(draw: Draw, numbers: range, processes: list[_Process]) -> Iterator[Program]:
    """The processes draw slices in turn."""
    slices = (numbers[at : at + SLICE] for at in range(0, len(numbers), SLICE))
    asked: deque[tuple[_Process, range]] = deque()
    turns = cycle(processes)
    while True:
        while len(asked) < AHEAD * len(processes) and (part := next(slices, None)):
            process = next(turns)
            process.send(part)
            asked.append((process, part))
        if not asked:
            return
        process, part = asked.popleft()
        programs = process.receive()
        yield from map(draw, part) if programs is None else programs


class _Process:
    """A process that draws, by `main`. It finds modules where this one does."""

    def __init__(self, draw: Draw) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        path = [str(folder) for folder in sys.path]
        code = f"import sys; sys.path[:] = {path!r}; from {__name__} import main; main()"
        with contextlib.suppress(OSError):
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # what goes wrong there goes wrong here again
            )
        self.send(draw)

    def send(self, item: Any) -> None:
        """Hand over the function, then ranges of numbers."""
        if self._process is None:
            return
        try:
            message = pickle.dumps(item)
            assert self._process.stdin is not None
            self._process.stdin.write(message)
            self._process.stdin.flush()
        except Exception:  # what pickling may raise is up to what is pickled
            self.end()

    def receive(self) -> list[Program] | None:
        """The programs of the range that was sent first; None where they do not come."""
        if self._process is None:
            return None
        try:
            assert self._process.stdout is not None
            programs: list[Program] = pickle.load(self._process.stdout)  # noqa: S301  # by us
            return programs
        except Exception:  # as above
            self.end()
            return None

    def end(self) -> None:
        """End it, with nothing left behind."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with contextlib.suppress(OSError), process:  # closes its pipes, and waits
                pass


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def main() -> None:
    """Take a function, then ranges of numbers, and give what it makes of each range."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C is for who started us
    gc.set_threshold(100_000)  # drawing makes many small objects, most of them for a moment
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # programs are drawn by code that may print
    requests = sys.stdin.buffer
    with contextlib.suppress(EOFError, BrokenPipeError):
        draw: Draw = pickle.load(requests)  # noqa: S301  # by who started us
        while True:
            numbers: range = pickle.load(requests)  # noqa: S301
            pickle.dump([draw(number) for number in numbers], replies)
            replies.flush()
