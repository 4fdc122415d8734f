"""How fast verified samples are made, beside the generator alone without running anything.

Usage: bench_data.py [NUM_SAMPLES], by default 20,000.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from codeoutpred import Generator, Program, load_plugins
from codeoutpred.data import DatasetSpec, DatasetStore, Part, build_dataset
from codeoutpred.execution import make_executor


class Counted:
    """A generator that counts what is taken from it."""

    def __init__(self, generator: Generator) -> None:
        self.generator = generator
        self.taken = 0

    def generate(self, *, count: int, seed: int, start: int = 0) -> Iterator[Program]:
        for program in self.generator.generate(count=count, seed=seed, start=start):
            self.taken += 1
            yield program


def main(num_samples: int) -> None:
    """Print the table."""
    plugins = load_plugins(use_entry_points=False)
    generator = Counted(plugins.generators.get("synthetic")(language="python", levels=(1, 2, 3)))
    spec = DatasetSpec(
        name="bench", languages=("python",), num_samples=num_samples, levels=(1, 2, 3)
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        make_executor(plugins.languages, mode="grouped") as executor,
    ):
        began = time.perf_counter()
        manifest = build_dataset(
            spec,
            store=DatasetStore(Path(folder)),
            generators={Part("synthetic", "python"): generator},
            languages=plugins.languages,
            executor=executor,
        )
        built = time.perf_counter() - began
    programs = generator.taken
    began = time.perf_counter()
    deque(generator.generate(count=programs, seed=spec.seed), maxlen=0)
    generated = time.perf_counter() - began
    print(f"{num_samples} samples from {programs} programs, each run twice, on ", end="")
    print(f"{len(os.sched_getaffinity(0))} cores; isolation: {manifest.isolation}")
    print(f"{'':32}{'seconds':>10}{'a second':>10}")
    print(f"{'samples, verified and stored':32}{built:10.1f}{num_samples / built:10.0f}")
    print(f"{'their programs, only generated':32}{generated:10.1f}{programs / generated:10.0f}")
    print(f"{'ratio of the seconds':32}{built / generated:10.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
