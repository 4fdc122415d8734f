"""The folders of servers: each held by a lock for as long as its supervisor lives."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from pathlib import Path

from codeoutpred.execution.sandbox.folder import remove
from codeoutpred.execution.sandbox.identity import FIRST_USER

PREFIX = "codeoutpred-"


class ServerFolder:
    """A new folder in the folder for temporary files, told by its lock from one left behind."""

    def __init__(self) -> None:
        while True:
            self.path = tempfile.mkdtemp(prefix=PREFIX)
            # Until it is locked, others may take it for left behind, and remove it.
            with contextlib.suppress(FileNotFoundError):
                self._lock = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
                fcntl.flock(self._lock, fcntl.LOCK_EX)
                if Path(self.path).exists():
                    return
                os.close(self._lock)

    def remove(self) -> None:
        """Remove it, with all that is in it."""
        remove(self.path)
        os.close(self._lock)


def remove_left_behind() -> None:
    """Remove the folders of servers whose supervisors were killed."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # somebody else's, in use, or gone already
            folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                # Of other users, none but those that our own servers become: a living one could
                # lead us elsewhere while we remove.
                owner = os.fstat(folder).st_uid
                if owner == os.getuid() or owner >= FIRST_USER:
                    fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    remove(str(path))
            finally:
                os.close(folder)
