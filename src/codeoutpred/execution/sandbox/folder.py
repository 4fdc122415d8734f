"""The private working folder of a child: empty before each program, whatever the last one did."""

# No pathlib: whatever is loaded here is copied into every child.
# ruff: noqa: PTH101, PTH102, PTH108, PTH114, PTH118, PTH120, PTH208

from __future__ import annotations

import contextlib
import os
import shutil
from typing import Any


class WorkingFolder:
    """The folder `work` inside of `parent`, owned by `user` (0: by whom the server runs as)."""

    def __init__(self, parent: str, user: int) -> None:
        self.path = os.path.join(parent, "work")
        self._parent = parent
        self._user = user
        self._made: tuple[int, int] | None = None
        os.chmod(parent, 0o711)  # noqa: S103 - children of another user pass through

    def empty(self) -> None:
        """Make the folder anew, unless the last program left it as it was."""
        with contextlib.suppress(OSError):
            now = os.lstat(self.path)
            if (now.st_ino, now.st_mode) == self._made and not os.listdir(self.path):
                return
        for entry in list(os.scandir(self._parent)):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, onerror=_open_up)
            else:
                os.unlink(entry.path)
        os.mkdir(self.path, 0o700)
        if self._user:
            os.chown(self.path, self._user, self._user)
        now = os.lstat(self.path)
        self._made = (now.st_ino, now.st_mode)


def _open_up(function: Any, path: str, _: object) -> None:
    """Try again what failed for a folder that the program had closed."""
    for closed in (os.path.dirname(path), path):
        if not os.path.islink(closed):
            os.chmod(closed, 0o700)
    function(path)
