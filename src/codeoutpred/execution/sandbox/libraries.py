"""What programs may read and run wherever they are contained: libraries and toolchains."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

LIBRARIES = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/ssl/openssl.cnf",
)


def readable(extra: Iterable[str] = ()) -> list[str]:
    """What programs may read and run: the system's libraries, this interpreter's, and `extra`.

    A folder on the way that is a link stands here by both of its names. What does not exist, and
    what lies below another, is left out.
    """
    prefixes = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}
    inside = [os.path.join(prefix, name) for prefix in prefixes for name in ("bin", "lib", "lib64")]
    stdlib = os.path.dirname(os.__file__)
    java = [f"/etc/{name}" for name in os.listdir("/etc") if name.startswith("java-")]
    asked = [*LIBRARIES, *java, *sorted(inside), stdlib, *map(os.path.abspath, extra)]
    found: list[str] = []
    for path in asked:
        for name in (path, os.path.realpath(path)):
            if os.path.exists(name) and not any(_is_below(name, other) for other in found):
                found.append(name)
    return found


def _is_below(path: str, other: str) -> bool:
    return path == other or path.startswith(other.rstrip("/") + "/")
