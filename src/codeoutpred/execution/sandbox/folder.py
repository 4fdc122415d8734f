"""The private working folder of a child: empty before each program, whatever the last one did."""

# No pathlib and no shutil: whatever is loaded here weighs on every fork.
# ruff: noqa: PTH101, PTH102, PTH104, PTH106, PTH108, PTH118, PTH208

from __future__ import annotations

import contextlib
import os
import stat


class WorkingFolder:
    """The folder `work` inside of `parent`."""

    def __init__(self, parent: str) -> None:
        self.path = os.path.join(parent, "work")
        self._made: tuple[int, int] | None = None

    def empty(self) -> None:
        """Make the folder anew, unless the last program left it as it was."""
        with contextlib.suppress(OSError):
            now = os.lstat(self.path)
            if (now.st_ino, now.st_mode) == self._made and not os.listdir(self.path):
                return
        remove(self.path)
        os.mkdir(self.path, 0o700)
        now = os.lstat(self.path)
        self._made = (now.st_ino, now.st_mode)


def remove(path: str) -> None:
    """Remove what stands at `path`, closed folders included; nothing where nothing stands.

    Folders inside are moved beside `path` first: a program can nest them deeper than any path
    is long, and than any recursion goes.
    """
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            os.unlink(path)
            return
        folders, moved = [path], 0
        while folders:
            folder = folders.pop()
            os.chmod(folder, 0o700)
            for entry in list(os.scandir(folder)):
                if entry.is_dir(follow_symlinks=False):
                    os.chmod(entry.path, 0o700)
                    folders.append(f"{path}.{moved}")
                    os.rename(entry.path, folders[-1])
                    moved += 1
                else:
                    os.unlink(entry.path)
            os.rmdir(folder)
