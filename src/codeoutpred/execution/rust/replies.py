"""What a program's end means: the kernel's word and standard error become a reply."""

from __future__ import annotations

import os
import re
import signal

from codeoutpred.execution.sandbox import frames
from codeoutpred.execution.sandbox.limits import record_bytes
from codeoutpred.execution.server import Reply
from codeoutpred.records import Limits, Status

VALUE_MARK = b"\0codeoutpred value\0"
PANIC_STATUS = 101
MAX_DETAIL = 300
_PANIC = re.compile(r"^thread .*? panicked at [^\n]*\n(.*?)(?:\nnote: run with |\Z)", re.M | re.S)
_FORK_SERVER = re.compile(rb"memory\n\n[a-z ]+ together|(infrastructure|toolchain_missing)\n\n.*")
"""What the fork server itself records, where a program's standard error would stand."""
_OUT_OF_MEMORY = b"memory allocation of "
_OUT_OF_STACK = b"has overflowed its stack"


def program_frame(reply: Reply, limits: Limits, *, is_call: bool) -> bytes:
    """The frame for a program that ran; `reply.record` holds its standard error."""
    status, record = reply.wait_status, b""
    said, _, value = reply.record.rpartition(VALUE_MARK) if is_call else (reply.record, b"", b"")
    ended = os.waitstatus_to_exitcode(status)
    if _FORK_SERVER.fullmatch(reply.record) and ended in (0, 1):
        record = reply.record
    elif ended == 0 and is_call and value:
        record = b"ok\n%s\n" % _one_line(value)
        if len(value) > limits.output_bytes:
            record = b"output_limit\n\n"
    elif ended == PANIC_STATUS and (panic := _PANIC.search(said.decode(errors="replace"))):
        record = f"exception\npanic\n{panic[1][:MAX_DETAIL]}".encode()
    elif ended > 0:
        words = said.decode(errors="replace").strip()[:MAX_DETAIL]
        record = f"exception\nexit status {ended}\n{words}".encode()
    elif ended == -signal.SIGABRT and _OUT_OF_MEMORY in said:
        status, record = 0, b"memory\n\n"
    elif ended == -signal.SIGABRT and _OUT_OF_STACK in said:
        status, record = 0, b"exception\nSIGABRT\nstack overflow"
    elif ended == -signal.SIGXFSZ and len(reply.record) >= record_bytes(limits.output_bytes):
        status, record = 0, b"output_limit\n\ntoo much on standard error"
    return _frame(status, reply.timed_out, reply.cpu_seconds, reply.stdout, record)


def failure_frame(status: Status, detail: str) -> bytes:
    """The frame for a program that has no binary."""
    return _frame(0, False, 0.0, b"", f"{status}\n\n{detail}".encode())


def _one_line(value: bytes) -> bytes:
    return value.replace(b"\n", b"\\n")


def _frame(status: int, timed_out: bool, cpu: float, stdout: bytes, record: bytes) -> bytes:
    head = frames.REPLY.pack(status, timed_out, cpu, len(stdout), len(record))
    return head + stdout + record
