"""The language as the registry hands it out."""

from __future__ import annotations

import platform

from codeoutpred.plugins import load_plugins


def test_python_comes_by_its_name_with_this_interpreter_as_toolchain() -> None:
    python = load_plugins(use_entry_points=False).languages.get("python")
    assert (python.name, python.suffix, python.server) == ("python", ".py", "python")
    assert python.toolchain() == platform.python_version()
