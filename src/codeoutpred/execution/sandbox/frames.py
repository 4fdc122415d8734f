"""The frames on the pipes: how the supervisor and a fork server talk, and what a child records."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codeoutpred.records import Limits

READY = b"ready\n"
"""What a server writes first."""

REQUEST = struct.Struct("<BddQQQQIII")
"""Kind; seconds of processor and of wall-clock time; bytes of memory, of output and of a file;
processes; lengths of the three texts that follow."""

REPLY = struct.Struct("<i?dII")
"""Wait status; whether wall-clock time ran out; processor seconds; lengths of the two texts that
follow: standard output and the child's own record (`status NEWLINE text NEWLINE detail`)."""

SCRIPT, CALL, COMMAND, RESERVING_COMMAND, FILES, GIVEN = range(6)
"""Kinds, and their three texts: the source and two empty ones; the source, the entry and its
arguments; the source, the name of its file and two command lines (see `pack_commands`). A
reserving command is not limited in the addresses that it reserves, but in what it can fill, and may
leave a record of its own. Of files: `pack_files`, an empty text, one command line; its standard
error becomes the record. What is given to the next request, without a reply of its own: standard
input, the steps of the trace to keep (see `tracing`) as a number, an empty text."""

TRACE_MARK = b"\0trace "
"""Stands before a trace, at the end of a record."""
TRACE_BYTES = 256 * 1024
"""Of a trace; what exceeds it is left out, and counted still."""

_FILE = struct.Struct("<II")


def pack_request(kind: int, limits: Limits, *texts: bytes) -> bytes:
    """A request of three texts; `struct.error` where a limit does not fit its field."""
    head = REQUEST.pack(
        kind,
        limits.cpu_seconds,
        limits.wall_seconds,
        limits.memory_bytes,
        limits.output_bytes,
        limits.file_bytes,
        limits.processes,
        *map(len, texts),
    )
    return b"".join([head, *texts])


def pack_files(files: dict[str, bytes]) -> bytes:
    """Files by name in one text."""
    parts = []
    for name, data in files.items():
        encoded = name.encode()
        parts += [_FILE.pack(len(encoded), len(data)), encoded, data]
    return b"".join(parts)


def unpack_files(packed: bytes) -> dict[bytes, bytes]:
    """What `pack_files` packed."""
    files, place = {}, 0
    while place < len(packed):
        name, data = _FILE.unpack_from(packed, place)
        place += _FILE.size
        files[packed[place : place + name]] = packed[place + name : place + name + data]
        place += name + data
    return files


def pack_commands(compiling: list[str], running: list[str]) -> str:
    """Two command lines in one text; the first is empty where there is nothing to compile."""
    return "\0".join([str(len(compiling)), *compiling, *running])


def unpack_commands(text: bytes) -> tuple[list[bytes], list[bytes]]:
    """What `pack_commands` packed."""
    count, *words = text.split(b"\0")
    return words[: int(count)], words[int(count) :]
