from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from data_toys import Bench, make_language

from codeoutpred.data import DatasetStore
from codeoutpred.protocols import Language
from codeoutpred.registry import Registry


@pytest.fixture
def languages() -> Registry[Language]:
    registry: Registry[Language] = Registry("language")
    for name in ("toy", "toy2", "toy3"):
        registry.add(name, make_language(name))
    registry.add("bare", make_language("bare", version=None))
    return registry


@pytest.fixture
def bench(tmp_path: Path, languages: Registry[Language]) -> Bench:
    return Bench(DatasetStore(tmp_path / "datasets"), languages)


@pytest.fixture
def make_bench(languages: Registry[Language]) -> Callable[[Path], Bench]:
    """Benches of their own, by the folder of their store."""
    return lambda root: Bench(DatasetStore(root), languages)
