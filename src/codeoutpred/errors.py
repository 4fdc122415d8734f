"""What goes wrong by a caller's mistake or our own: each error names the culprit and the fix.

A bad program or a bad answer is never an exception but data: see `Execution.status` and
`Verdict.match`.
"""

from __future__ import annotations

import contextlib
import difflib
import errno
from collections.abc import Iterable, Iterator


class CodeOutPredError(Exception):
    """Root of all errors that this library raises on purpose; its text is one readable line."""


class UnknownNameError(CodeOutPredError):
    """A name that nothing is registered under; lists near names, or all where none is near."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
        if near:
            hint = f"did you mean {' or '.join(near)}?"
        elif names:
            hint = f"known: {', '.join(names)}"
        else:
            hint = f"no {kind} is known here"
        super().__init__(f"unknown {kind} {name!r}; {hint}")


class DuplicateNameError(CodeOutPredError):
    """Two plugins register different things under one name."""


class PluginError(CodeOutPredError):
    """A plugin that cannot be loaded or breaks its contract; names the distribution."""


class InvalidValueError(CodeOutPredError):
    """An argument or a setting that makes no sense."""


class GenerationError(CodeOutPredError):
    """A generator that cannot deliver what was asked of it."""


class DatasetError(CodeOutPredError):
    """A dataset folder that is missing, half-written, damaged, or in the way."""


class ExecutionError(CodeOutPredError):
    """Our own side of running code failed, and no result can be trusted."""


class ModelError(CodeOutPredError):
    """A model or tokenizer that cannot be loaded or used."""


class TrainingError(CodeOutPredError):
    """Training cannot start or go on."""


class StorageError(CodeOutPredError):
    """A file could not be written: full disk, missing permission, read-only folder."""


_MENDS = {
    errno.ENOSPC: "the disk is full: free some space",
    errno.EDQUOT: "the disk quota is used up: free some space",
    errno.EACCES: "permission denied: choose a folder you may write to",
    errno.EPERM: "permission denied: choose a folder you may write to",
    errno.EROFS: "the file system is read-only: choose another folder",
}


@contextlib.contextmanager
def storage_errors(what: str) -> Iterator[None]:
    """Turn the operating system's refusal to write `what` into one `StorageError` with its mend."""
    try:
        yield
    except OSError as error:
        mend = _MENDS.get(error.errno or 0)
        if mend is None:
            raise
        raise StorageError(
            f"cannot write {what}: {mend}, then run again (with --resume where work was under way)"
        ) from error


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what it was raised from or while handling, and so on."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
