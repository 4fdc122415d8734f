"""The requests that wait on a pipe, taken as many at a time as there are."""

from __future__ import annotations

import os
import select
from dataclasses import dataclass

from codeoutpred.execution.rust.crate import Unit
from codeoutpred.execution.sandbox import frames
from codeoutpred.records import Limits

LINGER_SECONDS = 0.01
"""How long to wait for one more request: little beside what a run of the compiler costs."""


@dataclass(frozen=True, slots=True)
class Request:
    """One program to be run."""

    unit: Unit
    limits: Limits
    stdin: bytes = b""

    @property
    def shares_process(self) -> bool:
        """Whether it may be run in a fork of a process of several programs."""
        return self.unit.shares_process and not self.stdin


class Requests:
    """The reading end of a pipe with frames of kind `SCRIPT`, `CALL` and `GIVEN`."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._bytes = bytearray()
        self._given = b""
        self._poller = select.poll()
        self._poller.register(descriptor, select.POLLIN)

    def take(self, most: int) -> list[Request]:
        """Wait for a request, and take all that follow it closely; none at the end of the pipe."""
        taken: list[Request] = []
        while len(taken) < most:
            request = self._next()
            if request is not None:
                taken.append(request)
                continue
            if taken and not self._poller.poll(LINGER_SECONDS * 1000):
                break
            chunk = os.read(self.descriptor, 1 << 20)
            if not chunk:
                break
            self._bytes += chunk
        return taken

    def _next(self) -> Request | None:
        if len(self._bytes) < frames.REQUEST.size:
            return None
        kind, cpu, wall, memory, output, file, processes, *lengths = frames.REQUEST.unpack_from(
            self._bytes
        )
        end = frames.REQUEST.size + sum(lengths)
        if len(self._bytes) < end:
            return None
        texts, start = [], frames.REQUEST.size
        for length in lengths:
            texts.append(bytes(self._bytes[start : start + length]))
            start += length
        del self._bytes[:end]
        if kind == frames.GIVEN:
            self._given = texts[0]
            return self._next()
        given, self._given = self._given, b""
        limits = Limits(
            cpu_seconds=cpu,
            wall_seconds=wall,
            memory_bytes=memory,
            output_bytes=output,
            file_bytes=file,
            processes=processes,
        )
        return Request(Unit(*(text.decode() for text in texts)), limits, given)
