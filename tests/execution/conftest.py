from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from codeoutpred.execution import LocalExecutor, VerifiedExecutor, make_executor
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.plugins import load_plugins


@pytest.fixture(scope="session", autouse=True)
def _own_temporary_folder() -> Iterator[None]:
    """So that what servers leave is told from what other test runs on this machine do."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o1777)
        patch.setenv("TMPDIR", folder)
        patch.setattr(tempfile, "tempdir", folder)
        patch.setenv("XDG_CACHE_HOME", f"{folder}/cache")
        yield


@pytest.fixture(scope="module")
def languages() -> LanguageRegistry:
    return load_plugins(use_entry_points=False).languages


@pytest.fixture(scope="module")
def executor(languages: LanguageRegistry) -> Iterator[LocalExecutor]:
    with LocalExecutor(languages, workers=1) as executor:
        yield executor


@pytest.fixture(scope="module")
def verified(languages: LanguageRegistry) -> Iterator[VerifiedExecutor | LocalExecutor]:
    with make_executor(languages, workers=1) as executor:
        yield executor
