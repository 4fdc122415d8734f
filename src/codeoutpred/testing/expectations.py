"""How a check fails: with one line that names the culprit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


def ensure(condition: bool, line: str) -> None:
    """Fail with this line unless the condition holds; an `assert` that `python -O` keeps."""
    if not condition:
        raise AssertionError(line)


@contextmanager
def unfailing(what: str, value: object) -> Iterator[None]:
    """Fail where `what` raises for a value."""
    try:
        yield
    except AssertionError:
        raise
    except Exception as error:
        raise AssertionError(f"{what} raises {error!r} for {short(value)}") from error


def short(value: object, width: int = 60) -> str:
    """The value as it would be typed, cut to a readable length."""
    text = repr(value)
    return text if len(text) <= width else f"{text[:width]}… ({len(text)} characters)"
