"""What all tests share: a fresh set of plugins, and a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

from codeoutpred import Plugins, load_plugins

# How fast examples are drawn hangs on what else the machine does.
settings.register_profile("busy machine", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy machine")


@pytest.fixture(scope="session")
def builtin_plugins() -> Plugins:
    """What comes with the library, whatever else is installed here."""
    return load_plugins(use_entry_points=False)


@pytest.fixture
def run_python() -> Callable[..., str]:
    """(code, environment) -> what a fresh interpreter prints; a failure shows what it said."""

    def run(code: str, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            env={"PATH": "/usr/bin:/bin", **environment},
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
