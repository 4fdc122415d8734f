from __future__ import annotations

from collections.abc import Iterator

import pytest

from codeoutpred.execution import LocalExecutor, VerifiedExecutor, make_executor
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.plugins import load_plugins


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
