"""A dataset need not fit into memory."""

from __future__ import annotations

import tracemalloc
from collections import deque
from collections.abc import Callable
from typing import Any

import pyarrow.parquet as pq
import pytest
from data_toys import Bench, Toys

from codeoutpred.data import export_dataset
from codeoutpred.data.store import ROW_GROUP
from codeoutpred.records import Program

FAT = 20_000  # characters a program


class FatToys(Toys):
    """Toys with a long comment."""

    def program(self, seed: int, index: int) -> Program:
        drawn = super().program(seed, index).to_dict()
        return Program.from_dict({**drawn, "source": f"{drawn['source']}\n#{index:{FAT}}"})


@pytest.fixture
def small_row_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codeoutpred.data.store.ROW_GROUP", 50)


def peak(work: Callable[[], Any]) -> int:
    """The largest number of bytes in use while `work` is done."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_build_keeps_no_texts_in_memory(bench: Bench, small_row_groups) -> None:
    bench.build(20, generator=FatToys(), name="warm")
    few = peak(lambda: bench.build(100, generator=FatToys(), name="few"))
    many = peak(lambda: bench.build(300, generator=FatToys(), name="many"))
    assert (many - few) / 200 < FAT / 10


def test_reading_keeps_a_row_group_in_memory(bench: Bench, small_row_groups) -> None:
    bench.build(600, generator=FatToys())
    whole = sum(len(sample.source) for sample in bench.store.samples("d", "train"))
    assert peak(lambda: deque(bench.store.samples("d", "train"), maxlen=0)) < whole / 2


@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet"])
def test_an_export_keeps_a_row_group_in_memory(
    bench: Bench, small_row_groups, tmp_path, format: str
) -> None:
    bench.build(600, generator=FatToys())
    whole = sum(len(sample.source) for sample in bench.store.samples("d", "train"))
    output = tmp_path / "out"
    used = peak(lambda: export_dataset(bench.store, "d", "train", format=format, output=output))
    assert used < whole / 2


def test_a_file_is_written_in_row_groups(bench: Bench) -> None:
    bench.build(ROW_GROUP * 3 // 2)
    file = pq.ParquetFile(bench.store.path("d") / "train.parquet")
    sizes = [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)]
    assert sizes == [ROW_GROUP, file.metadata.num_rows - ROW_GROUP]
