"""Finding toolchains, and the `Language` of one that is launched by a command line."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from typing import Any

from codeoutpred.languages import text_literals
from codeoutpred.protocols import Language

PATIENCE = 20.0


def version(tool: str, flag: str = "--version", *, also: tuple[str, ...] = ()) -> str | None:
    """What `tool` says of its version; None where it, or one of `also`, is not installed."""
    if any(shutil.which(name) is None for name in (tool, *also)):
        return None
    try:
        done = subprocess.run(
            [tool, flag], capture_output=True, text=True, errors="replace", timeout=PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = (done.stdout or done.stderr).strip().splitlines()
    return lines[0].strip() if done.returncode == 0 and lines else None


def text_language(
    name: str, suffix: str, toolchain: Callable[[], str | None], package: str, **rest: Any
) -> Language:
    """A language whose literals are plain text; `package` is what a Debian system installs."""
    fields: dict[str, Any] = {
        "parse_literal": text_literals.parse_literal,
        "render_literal": text_literals.render_literal,
        "literal_type": text_literals.literal_type,
        "values_equal": text_literals.values_equal,
        "fingerprint": text_literals.fingerprint,
        "find_literals": text_literals.find_literals,
        "toolchain": toolchain,
        "install_hint": f"apt-get install {package}",
    }
    return Language(name=name, suffix=suffix, **{**fields, **rest})


def script_language(name: str, suffix: str, tool: str, package: str, flag: str) -> Language:
    """A language that `tool FILE` runs."""
    return text_language(
        name, suffix, partial(version, tool, flag), package, command=lambda file: [tool, file]
    )
