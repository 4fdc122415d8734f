"""The frames on the pipes: how the supervisor and a fork server talk, and what a child records."""

from __future__ import annotations

import struct

TYPE_CHECKING = False  # see `warmth`
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from codeoutpred.records import Limits

READY = b"ready\n"
"""What a server writes first."""

REQUEST = struct.Struct("<BddQQQQIII")
"""Kind; seconds of processor and of wall-clock time; bytes of memory, of output and of a file;
processes; lengths of the three texts that follow."""

REPLY = struct.Struct("<i?dII")
"""Wait status; whether wall-clock time ran out; processor seconds; lengths of the two texts that
follow: standard output and the child's own record (`status NEWLINE text NEWLINE detail`)."""

SCRIPT, CALL, COMMAND, RESERVING_COMMAND, FILES, GIVEN, GROUP = range(7)
"""Kinds, and their three texts: the source and two empty ones; the source, the entry and its
arguments; the source, the name of its file and two command lines (see `pack_commands`). A
reserving command is not limited in the addresses that it reserves, but in what it can fill, and may
leave a record of its own. Of files: `pack_files`, an empty text, one command line; its standard
error becomes the record. What is given to the next request, without a reply of its own: standard
input, the steps of the trace to keep (see `tracing`) as a number, an empty text. Of a group of
scripts and calls for one child: `pack_group`, two empty texts; its record is that of
`pack_results`."""

SETTLED = ("ok", "exception", "compile_error")
"""How an item of a group may end: any other end ends the group."""

TRACE_MARK = b"\0trace "
"""Stands before a trace, at the end of a record."""
TRACE_BYTES = 256 * 1024
"""Of a trace; what exceeds it is left out, and counted still."""

_FILE = struct.Struct("<II")
_ITEM = struct.Struct("<?III")
_RESULT = struct.Struct("<QI")


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


def pack_group(items: Iterable[Sequence[bytes]]) -> bytes:
    """Items of a source, an entry and its arguments in one text; a repeated source stands once."""
    parts, last = [], None
    for source, entry, arguments in items:
        repeats = source == last
        shown = b"" if repeats else source
        head = _ITEM.pack(repeats, len(shown), len(entry), len(arguments))
        parts += [head, shown, entry, arguments]
        last = source
    return b"".join(parts)


def unpack_group(packed: bytes) -> list[list[bytes]]:
    """What `pack_group` packed."""
    items: list[list[bytes]] = []
    place = 0
    while place < len(packed):
        repeats, *lengths = _ITEM.unpack_from(packed, place)
        place += _ITEM.size
        item = []
        for length in lengths:
            item.append(packed[place : place + length])
            place += length
        if repeats:
            item[0] = items[-1][0]
        items.append(item)
    return items


def pack_results(results: Iterable[tuple[int, bytes]]) -> bytes:
    """Where the standard output of each item ends, and its record."""
    return b"".join(_RESULT.pack(end, len(record)) + record for end, record in results)


def unpack_results(packed: bytes) -> Iterator[tuple[int, bytes]]:
    """What `pack_results` packed, as far as it is whole."""
    place = 0
    while place + _RESULT.size <= len(packed):
        end, length = _RESULT.unpack_from(packed, place)
        place += _RESULT.size + length
        if place <= len(packed):
            yield end, packed[place - length : place]
