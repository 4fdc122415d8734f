"""A GPU, or nothing is run; and its memory counted anew for each test."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

pytest.importorskip("torch")
pytest.importorskip("trl")

import torch


@pytest.fixture(autouse=True)
def counted() -> Iterator[None]:
    if not torch.cuda.is_available():
        pytest.skip("there is no GPU here")
    gc.collect()
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    yield
