"""The private working folder of a child: empty before each program, whatever the last one did."""

from __future__ import annotations

import contextlib
import os
import stat

ROOM = 256 * 1024**2
"""Bytes that a program may keep in its working folder."""
MAX_FILES = 32_768


class WorkingFolder:
    """The folder that programs run in, inside of `parent` or, where that is `mounted`, all of it.

    A file system mounted there cannot be removed, and what lies beside it cannot be written to.
    """

    def __init__(self, parent: str, *, mounted: bool) -> None:
        self._parent = parent
        self._name = "" if mounted else "work"
        self.path = os.path.join(parent, self._name) if self._name else parent
        self.made: tuple[int, ...] | None = None
        """Which folder it is now: another one where the last program spoiled it."""

    def empty(self) -> None:
        """Make the folder anew, unless the last program left it as it was."""
        if not self._is_as_made():
            os.chmod(self._parent, 0o700)
            for name in os.listdir(self._parent):
                remove(os.path.join(self._parent, name))
            if self._name:
                os.mkdir(self.path, 0o700)
            self.made = self._state()

    def is_overfull(self) -> bool:
        """Whether programs keep too much in it; what is mounted has a bound of its own."""
        folders, files, filled = [self.path] if self._name else [], 0, 0
        while folders:
            with contextlib.suppress(OSError):  # gone, or closed by its maker
                for entry in os.scandir(folders.pop()):
                    files += 1
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    filled += entry.stat(follow_symlinks=False).st_blocks * 512
                    if filled > ROOM or files > MAX_FILES:
                        return True
        return False

    def _is_as_made(self) -> bool:
        try:
            if self._state() != self.made:
                return False
            # In memory, the size of a folder is that of its entries.
            return not self._name or (
                not os.listdir(self.path) and os.listdir(self._parent) == [self._name]
            )
        except OSError:
            return False

    def _state(self) -> tuple[int, ...]:
        now = os.lstat(self.path)
        return now.st_ino, now.st_mode, 0 if self._name else now.st_size


def remove(path: str) -> None:
    """Remove what stands at `path`, closed folders included; nothing where nothing stands.

    Folders inside are moved beside `path` first: a program can nest them deeper than any path
    is long, and than any recursion goes.
    """
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            os.unlink(path)
            return
        token = os.urandom(8).hex()  # a name that nobody took before us
        beside = os.path.join(os.path.dirname(path), f"codeoutpred-{token}-")
        folders, moved = [path], 0
        while folders:
            folder = folders.pop()
            os.chmod(folder, 0o700)
            for entry in list(os.scandir(folder)):
                if entry.is_dir(follow_symlinks=False):
                    os.chmod(entry.path, 0o700)
                    folders.append(f"{beside}{moved}")
                    os.rename(entry.path, folders[-1])
                    moved += 1
                else:
                    os.unlink(entry.path)
            os.rmdir(folder)
