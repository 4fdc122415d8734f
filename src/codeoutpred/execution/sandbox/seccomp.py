"""Filters of system calls: short programs that the kernel runs at every call of this process.

`install(server_rules(...))` holds for the process and all that it starts, for good.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

TYPE_CHECKING = False  # see `warmth`
if TYPE_CHECKING:
    from codeoutpred.execution.sandbox import kernel, syscalls
else:
    import kernel
    import syscalls

LOAD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
CALL_NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
PR_SET_SECCOMP, MODE_FILTER = 22, 2

ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
"""The kernel's mark of the architecture, and the column of its numbers in `syscalls`."""
NEW_NAMESPACES = 0x7E020000
CLONE_THREAD = 0x00010000

Instruction = tuple[int, int, int, int]
"""Operation, instructions to skip where it is true, where it is not, operand."""


def server_rules(*, anonymous_files: bool, processes: bool) -> list[Instruction]:
    """Rules for a server and its programs: whether these may make memfds, and processes."""
    rules: list[Instruction] = []
    for name in syscalls.ABSENT:
        rules += _refuse(name, errno.ENOSYS)
    for name in syscalls.DENIED:
        rules += _refuse(name, errno.EPERM)
    if not anonymous_files:
        rules += _refuse("memfd_create", errno.EPERM)
    for name, argument in syscalls.ON_ITSELF_ALONE:
        rules += _refuse_unless(name, argument, 0)
    body = [*_argument(0), (JUMP_ANY_BIT, 0, 1, NEW_NAMESPACES), *_error(errno.EPERM)]
    rules += _when("clone", body)
    return rules if processes else rules + _threads_alone()


def program_rules(*, owns_files: bool, processes: bool) -> list[Instruction]:
    """Rules for one program without namespaces, to be installed by its own process.

    `owns_files`: its user owns files elsewhere, whose modes and times are not to be changed.
    Without `processes` it may start none, and signal itself alone.
    """
    rules = _refuse("memfd_create", errno.EPERM)
    if owns_files:
        for name in syscalls.CHANGES_OF_FILES_OWNED:
            rules += _refuse(name, errno.EPERM)
        for name in syscalls.CHANGES_SAID_TO_BE_DONE:
            rules += _refuse(name, 0)
    if processes:
        return rules
    for name in syscalls.SIGNALS_BY_OTHER_NUMBERS:
        rules += _refuse(name, errno.EPERM)
    for name, command in syscalls.SIGNALS_BY_FILE:
        body = [*_argument(1), (JUMP_EQUAL, 0, 1, command), *_error(errno.EPERM)]
        rules += _when(name, body)
    for name in syscalls.SIGNALS_BY_PROCESS:
        rules += _refuse_unless(name, 0, os.getpid())
    return rules + _threads_alone()


def install(rules: list[Instruction]) -> None:
    """Hold this process to `rules`. Raises OSError where the kernel or the machine cannot."""
    if kernel.MACHINE not in ARCHITECTURES:
        raise OSError(f"no filter of system calls for {kernel.MACHINE} is known here")
    mark, _ = ARCHITECTURES[kernel.MACHINE]
    program = [
        (LOAD, 0, 0, ARCHITECTURE),
        (JUMP_EQUAL, 1, 0, mark),  # no calls by the numbers of another architecture
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, CALL_NUMBER),
        (JUMP_AT_LEAST, 0, 1, syscalls.FIRST_UNKNOWN),  # and none newer than this list
        (RETURN, 0, 0, ERRNO | errno.ENOSYS),
        *rules,
        (RETURN, 0, 0, ALLOW),
    ]
    code = b"".join(struct.pack("<HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    head = struct.pack("@HP", len(program), ctypes.addressof(buffer))
    kernel.call("prctl", PR_SET_SECCOMP, MODE_FILTER, head, 0, 0)


def _threads_alone() -> list[Instruction]:
    """No processes; the error is that of the limit on processes."""
    rules = _refuse("fork", errno.EAGAIN) + _refuse("vfork", errno.EAGAIN)
    body = [*_argument(0), (JUMP_ANY_BIT, 1, 0, CLONE_THREAD), *_error(errno.EAGAIN)]
    return rules + _when("clone", body)


def _refuse(name: str, error: int) -> list[Instruction]:
    return _when(name, _error(error))


def _refuse_unless(name: str, argument: int, value: int) -> list[Instruction]:
    body = [*_argument(argument), (JUMP_EQUAL, 1, 0, value), *_error(errno.EPERM)]
    return _when(name, body)


def _when(name: str, body: list[Instruction]) -> list[Instruction]:
    """`body` for calls of `name` alone; nothing where this machine has no such call."""
    number = syscalls.NUMBERS[name][ARCHITECTURES[kernel.MACHINE][1]]
    if number is None:
        return []
    if len(body) > 1:  # it loads an argument; what follows wants the number
        return [(JUMP_EQUAL, 0, len(body) + 1, number), *body, (LOAD, 0, 0, CALL_NUMBER)]
    return [(JUMP_EQUAL, 0, len(body), number), *body]


def _argument(place: int) -> list[Instruction]:
    """Load the lower half of an argument: all that is looked at here are 32-bit integers."""
    return [(LOAD, 0, 0, FIRST_ARGUMENT + 8 * place)]


def _error(number: int) -> list[Instruction]:
    return [(RETURN, 0, 0, ERRNO | number)]
