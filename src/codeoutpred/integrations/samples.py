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
    """The samples of `dataset`'s split under `folder`, or of `benchmark`'s file: one of the two."""
    if bool(dataset) == bool(benchmark):
        raise InvalidValueError(
            "give either dataset=NAME (and folder=FOLDER), or benchmark=NAME and "
            "benchmark_path=FILE"
        )
    if benchmark:
        if not benchmark_path:
            raise InvalidValueError(f"benchmark {benchmark!r} needs benchmark_path=FILE")
        languages = default_plugins().languages
        return load_benchmark(benchmark, Path(benchmark_path), languages=languages)
    return list(DatasetStore(folder).samples(dataset, split))
