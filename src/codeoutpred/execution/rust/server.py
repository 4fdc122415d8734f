"""Requests in, replies out: batches of programs compiled together, then run.

What cannot be blamed on one program is done again for each alone, whatever it is: a crate that the
compiler fails on, a program that is slow, is ended by a signal or takes others down with it.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from codeoutpred.execution.rust.compiler import Compiler, Failure
from codeoutpred.execution.rust.contained import Contained
from codeoutpred.execution.rust.replies import failure_frame, program_frame
from codeoutpred.execution.rust.requests import Request, Requests
from codeoutpred.execution.sandbox import frames
from codeoutpred.execution.server import Reply
from codeoutpred.records import Limits

BATCH = 64
"""Programs compiled at a time: more bring little, and the first answer waits for all."""
GROUP_MILLISECONDS = 250
"""How long a program may take in a group; the slow are run again alone, by their own limits."""
GROUP_MEMORY = 64 * 1024**2
"""Bytes for the process that a group's programs are forked from."""
LARGEST = 2**63
RUN = ("./program",)


class RustServer:
    """Answers requests in their order."""

    def __init__(self, contained: Contained, compiler: Compiler) -> None:
        self._contained = contained
        self._compiler = compiler

    def answer(self, requests: Sequence[Request]) -> Iterator[bytes]:
        """The frame of each request, in order."""
        keys = [self._compiler.key(request.unit) for request in requests]
        made = self._compiler.together({key: request.unit for key, request in zip(keys, requests)})
        ran = self._run_groups(keys, requests, made)
        for index, (key, request) in enumerate(zip(keys, requests)):
            if key not in made:
                made[key] = self._compiler.alone(key, request.unit)
            program = made[key]
            if isinstance(program, Failure):
                yield failure_frame(program.status, program.detail)
            elif index in ran:
                yield ran[index]
            else:
                yield self._run_alone(key, request, program)

    def _run_groups(
        self, keys: Sequence[str], requests: Sequence[Request], made: Mapping[str, bytes | Failure]
    ) -> dict[int, bytes]:
        """The frames, by index, of programs that ended well in one process for each binary."""
        groups: defaultdict[tuple[int, Limits], list[int]] = defaultdict(list)
        for index, (key, request) in enumerate(zip(keys, requests)):
            if isinstance(made.get(key), bytes) and request.shares_process:
                groups[id(made[key]), request.limits].append(index)
        ran = {}
        for (_, limits), members in groups.items():
            if len(members) > 1:
                program = made[keys[members[0]]]
                assert isinstance(program, bytes)
                replies = self._run_group(program, [keys[index] for index in members], limits)
                for index, reply in zip(members, replies):
                    if _ended_well(reply, limits):
                        is_call = bool(requests[index].unit.entry)
                        ran[index] = program_frame(reply, limits, is_call=is_call)
        return ran

    def _run_group(self, program: bytes, keys: list[str], limits: Limits) -> Iterator[Reply]:
        """The replies of a group's first members, as far as it came. Standard error is cut."""
        most = min(limits.output_bytes + 1, LARGEST)
        selection = f"group {GROUP_MILLISECONDS} {limits.memory_bytes} {most} {' '.join(keys)}"
        whole = replace(
            limits,
            memory_bytes=min(limits.memory_bytes + GROUP_MEMORY, LARGEST),
            output_bytes=min(2 * most * len(keys), LARGEST),
        )
        files = {"program": program, "selection": selection.encode()}
        received = self._contained.run(files, RUN, whole).stdout
        while len(received) >= frames.REPLY.size:
            status, timed_out, cpu, printed, said = frames.REPLY.unpack_from(received)
            texts, received = (
                received[frames.REPLY.size :][: printed + said],
                received[frames.REPLY.size + printed + said :],
            )
            if len(texts) == printed + said:
                yield Reply(status, timed_out, cpu, texts[:printed], texts[printed:])

    def _run_alone(self, key: str, request: Request, program: bytes) -> bytes:
        files = {"program": program}
        if request.unit.shares_crate:
            files["selection"] = f"alone {key}".encode()
        reply = self._contained.run(files, RUN, request.limits, request.stdin)
        return program_frame(reply, request.limits, is_call=bool(request.unit.entry))


def _ended_well(reply: Reply, limits: Limits) -> bool:
    return (
        os.WIFEXITED(reply.wait_status)
        and not reply.timed_out
        and reply.cpu_seconds < limits.cpu_seconds
        and max(len(reply.stdout), len(reply.record)) <= limits.output_bytes
    )


def serve(server: RustServer, requests: Requests, replies: int) -> None:
    """Answer until the pipe of requests ends."""
    _write(replies, frames.READY)
    while batch := requests.take(BATCH):
        for frame in server.answer(batch):
            _write(replies, frame)


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
