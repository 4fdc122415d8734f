"""Samples for a host that takes names and paths: a dataset of ours, or a benchmark's file."""

from __future__ import annotations

from pathlib import Path

from codeoutpred.data import DatasetStore
from codeoutpred.errors import InvalidValueError
from codeoutpred.evaluation.benchmarks import load_benchmark
from codeoutpred.plugins import default_plugins
from codeoutpred.records import Sample


def load_samples(
    *,
    dataset: str = "",
    split: str = "test",
    folder: Path = Path("datasets"),
    benchmark: str = "",
    benchmark_path: str = "",
) -> list[Sample]:
    """The samples of `dataset`'s split under `folder`, or of `benchmark`: one of the two.

    A benchmark without a path is fetched from the hub.
    """
    if bool(dataset) == bool(benchmark):
        raise InvalidValueError(
            "give either dataset=NAME (and folder=FOLDER), or benchmark=NAME (and "
            "benchmark_path=PATH)"
        )
    if benchmark:
        path = Path(benchmark_path) if benchmark_path else None
        return load_benchmark(benchmark, path, languages=default_plugins().languages)
    return list(DatasetStore(folder).samples(dataset, split))
