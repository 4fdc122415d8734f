"""Finding rustc, and the folder where its binaries are kept from one run to the next."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

PATIENCE = 20.0


@cache
def rustc() -> tuple[str, str, str]:
    """The compiler's own file (no proxy of rustup's), its folder with all it needs, its version.

    Looked up with this process's environment, which names rustup's folders. Empty texts where
    there is no rustc.
    """
    if shutil.which("rustc") is None:
        return "", "", ""
    sysroot, version = (_ask(*flags) for flags in (("--print", "sysroot"), ("-vV",)))
    tool = Path(sysroot) / "bin" / "rustc"
    found = str(tool) if tool.exists() else os.path.realpath(shutil.which("rustc") or "")
    return found, sysroot, version


def cache_folder() -> Path:
    """Where the user's other caches are."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    folder = Path(base) if os.path.isabs(base) else Path("~/.cache").expanduser()  # noqa: PTH117
    return folder / "codeoutpred" / "rust"


def _ask(*flags: str) -> str:
    done = subprocess.run(
        ["rustc", *flags],  # noqa: S607 - whichever the user has
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.stdout.strip()
