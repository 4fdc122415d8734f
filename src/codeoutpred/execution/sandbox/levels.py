"""The levels of isolation: which layers stand between a program and the machine."""

from __future__ import annotations

TYPE_CHECKING = False  # see `warmth`
if TYPE_CHECKING:
    from typing import Literal

    Level = Literal["full", "filtered", "limits", "none"]
else:
    Level = str
LEVELS: tuple[Level, ...] = ("full", "filtered", "limits", "none")
"""From the safest down. `full`: namespaces, a root folder of its own, landlock, a filter of system
calls. `filtered`: the last two. `limits`: limits on what a program may use. `none`: not even all of
these hold."""
