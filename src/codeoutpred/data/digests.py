"""How often texts were met, by their digests: on disk, so that memory stays flat.

    >>> met = Digests()
    >>> met.add("a"), met.add("a"), met.count("a"), met.count("b")
    (0, 1, 2, 0)

The table is SQLite's own temporary file, which goes with the process, in the folder for such files
(`TMPDIR`, else `/var/tmp`): what it holds comes out of the journal again. Of a digest 8 bytes are
kept. Among a million samples, two texts are taken for one with a probability below 10^-6.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from codeoutpred.errors import StorageError

_ADD = "INSERT INTO met VALUES (?, 1) ON CONFLICT (digest) DO UPDATE SET times = times + 1"
_COUNT = "SELECT times FROM met WHERE digest = ?"


class Digests:
    """Texts, each made of one or more parts, and how often each was added."""

    def __init__(self) -> None:
        with _errors():
            self._table = sqlite3.connect("", isolation_level=None)
            self._table.execute("PRAGMA journal_mode = OFF")
            self._table.execute("CREATE TABLE met (digest INTEGER PRIMARY KEY, times INTEGER)")
            self._table.execute("BEGIN")  # never to be ended: nobody else reads it

    def add(self, *parts: str) -> int:
        """Count a text once more; how often it was met before."""
        before = self.count(*parts)
        with _errors():
            self._table.execute(_ADD, (_digest(parts),))
        return before

    def count(self, *parts: str) -> int:
        """How often a text was added."""
        with _errors():
            found = self._table.execute(_COUNT, (_digest(parts),)).fetchone()
            return int(found[0]) if found else 0


def _digest(parts: tuple[str, ...]) -> int:
    whole = "\0".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(whole, digest_size=8).digest(), "big", signed=True)


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(
            f"cannot write to SQLite's temporary file: {error}; free some space, or set TMPDIR to "
            "another folder, then run again with --resume"
        ) from error
