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

from codeoutpred.errors import StorageError

_FIRST = "INSERT OR IGNORE INTO met VALUES (?, 1)"
_AGAIN = "UPDATE met SET times = times + 1 WHERE digest = ?"
_COUNT = "SELECT times FROM met WHERE digest = ?"


class Digests:
    """Texts, each made of one or more parts, and how often each was added."""

    def __init__(self) -> None:
        try:
            self._table = sqlite3.connect("", isolation_level=None)
        except sqlite3.Error as error:
            raise _storage_error(error) from error
        self._run("PRAGMA journal_mode = OFF")
        self._run("CREATE TABLE met (digest INTEGER PRIMARY KEY, times INTEGER)")
        self._run("BEGIN")  # never to be ended: nobody else reads it

    def add(self, *parts: str) -> int:
        """Count a text once more; how often it was met before."""
        digest = _digest(parts)
        if self._run(_FIRST, digest).rowcount:
            return 0
        before = self._times(digest)
        self._run(_AGAIN, digest)
        return before

    def count(self, *parts: str) -> int:
        """How often a text was added."""
        return self._times(_digest(parts))

    def _times(self, digest: int) -> int:
        found = self._run(_COUNT, digest).fetchone()
        return int(found[0]) if found else 0

    def _run(self, statement: str, *values: int) -> sqlite3.Cursor:
        try:
            return self._table.execute(statement, values)
        except sqlite3.Error as error:
            raise _storage_error(error) from error


def _digest(parts: tuple[str, ...]) -> int:
    whole = "\0".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(whole, digest_size=8).digest(), "big", signed=True)


def _storage_error(error: sqlite3.Error) -> StorageError:
    return StorageError(
        f"cannot write to SQLite's temporary file: {error}; free some space, or set TMPDIR to "
        "another folder, then run again with --resume"
    )
