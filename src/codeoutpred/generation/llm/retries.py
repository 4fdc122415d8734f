"""How long to wait before trying again: what the server says, or a back-off that grows.

>>> wait_seconds({"retry-after": "2"}, attempt=0, patience=Patience(), chance=0.0)
2.0
"""

from __future__ import annotations

import email.utils
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass

from codeoutpred.records import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience(Record):
    """How often a request is tried, and the seconds waited: for a reply, and between tries.

    Where the server does not say how long, the wait doubles from `first_wait` to `longest_wait`.
    A server that wants to be left alone for longer than `longest_rest` ends the build.
    """

    attempts: int = 8
    timeout: float = 600.0
    first_wait: float = 0.5
    longest_wait: float = 60.0
    longest_rest: float = 600.0


def wait_seconds(
    headers: Mapping[str, str], *, attempt: int, patience: Patience, chance: float
) -> float:
    """Seconds to wait after attempt number `attempt` (from 0).

    `Retry-After`, in seconds or as a date (RFC 9110, section 10.2.3), is taken at its word. The
    back-off is spread by `chance`, in [0, 1), lest all requests come back at once.
    """
    asked = retry_after(headers)
    if asked is not None:
        return asked
    backoff: float = min(patience.longest_wait, patience.first_wait * 2**attempt)
    return backoff * (1 + chance) / 2


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that the server asks for; None where it asks for nothing that makes sense."""
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = email.utils.parsedate_to_datetime(text).timestamp() - time.time()
        except (ValueError, TypeError, OverflowError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None
