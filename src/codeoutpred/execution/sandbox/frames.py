"""The frames on the pipes: how the supervisor and a fork server talk, and what a child records."""

from __future__ import annotations

import struct

READY = b"ready\n"
"""What a server writes first."""

REQUEST = struct.Struct("<BddQQQQIII")
"""Kind; seconds of processor and of wall-clock time; bytes of memory, of output and of a file;
processes; lengths of the three texts that follow."""

REPLY = struct.Struct("<i?dII")
"""Wait status; whether wall-clock time ran out; processor seconds; lengths of the two texts that
follow: standard output and the child's own record (`status NEWLINE text NEWLINE detail`)."""

SCRIPT, CALL, COMMAND = range(3)
"""Kinds, and their three texts: the source and two empty ones; the source, the entry and its
arguments; the source, the name of its file and the command line with NUL between the words."""
