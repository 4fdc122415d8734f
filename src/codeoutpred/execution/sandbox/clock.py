"""Another date for all programs of a server, so that what depends on the date shows.

Times differ between any two runs, but not dates: a server that checks another one lives in another
year.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import wraps

TYPE_CHECKING = False  # see `warmth`
if TYPE_CHECKING:
    from typing import Any

STEP = 400 * 86_400 + 5 * 3_600 + 17 * 60 + 31
"""Seconds between the clocks of two hash seeds: no field of a date or of a time is the same."""


def shift(seconds: int) -> None:
    """Let `time` and `datetime` tell a time that lies ahead by so many seconds.

    `datetime` then has to be the one written in Python, which asks `time`; that is slower.
    """
    now, now_ns = time.time, time.time_ns
    _replace("time", lambda: now() + seconds)
    _replace("time_ns", lambda: now_ns() + seconds * 10**9)
    for name in ("localtime", "gmtime", "ctime"):
        _replace(name, _with_default(getattr(time, name), time.time))
    _replace("asctime", _with_default(time.asctime, time.localtime))
    strftime = time.strftime
    _replace("strftime", lambda form, *at: strftime(form, *(at or (time.localtime(),))))
    for name in ("_datetime", "_zoneinfo"):
        sys.modules[name] = None  # type: ignore[assignment]  # an import of it fails


def _replace(name: str, function: Callable[..., Any]) -> None:
    setattr(time, name, wraps(getattr(time, name))(function))


def _with_default(function: Callable[..., Any], default: Callable[[], Any]) -> Callable[..., Any]:
    return lambda *at: function(*(at if at and at[0] is not None else (default(),)))
